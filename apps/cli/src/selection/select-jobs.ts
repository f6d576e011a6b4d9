import { type JobName, listStaticUpstreams, type ProjectName, parseJobName } from '@optimus/domain';
import { listCriteria, parseSelector, type Selector, selectJobs } from '@optimus/resolver';
import type { Invocation } from '../command-line/command-spec.ts';
import type { ProjectSession } from '../session/server-session.ts';
import type { LocatedJob, NamespaceJobs } from '../spec/read-jobs.ts';
import { findChangedJobs } from './find-changed-jobs.ts';
import { connectPairs, type JobPair, readGraph } from './read-graph.ts';

/** The selector of `--select`; undefined when it was not given. @throws OptimusError `REQUEST_INVALID` */
export function findSelector({ flags }: Pick<Invocation, 'flags'>): Selector | undefined {
  const text = flags.text('select');
  return text === undefined ? undefined : parseSelector(text);
}

/** The deployed jobs that a selector means. `changed:` compares this folder. @throws OptimusError `JOB_NOT_FOUND`, `NOT_FOUND`, `REQUEST_INVALID` */
export async function selectDeployed(
  selector: Selector,
  session: ProjectSession,
  local: { readonly cwd: string; readonly readJobs: () => Promise<readonly LocatedJob[]> },
): Promise<ReadonlySet<string>> {
  const { jobs, pairs, states } = await readGraph(session);
  const isComparing = listCriteria(selector).some(({ by }) => by === 'changed');
  const changed = isComparing ? await findChanged(selector, local.cwd, await local.readJobs()) : undefined;
  const scope = { jobs, graph: connectPairs(pairs), states, ...(changed && { changed }) };
  return new Set(selectJobs(selector, scope));
}

/**
 * The jobs of this folder that a selector means. Whom they wait for is what their authors named and, with a session, what the server
 * knows; without one `state:` cannot be answered.
 * @throws OptimusError as {@link selectDeployed}
 */
export async function selectLocal(
  selector: Selector,
  folder: {
    readonly cwd: string;
    readonly project: ProjectName;
    readonly namespaces: readonly NamespaceJobs[];
  },
  session: ProjectSession | undefined,
): Promise<ReadonlySet<string>> {
  const located = folder.namespaces.flatMap(({ jobs }) => jobs);
  const jobs = folder.namespaces.flatMap(({ namespace, jobs: own }) =>
    own.map(({ spec: { name, labels } }) => ({ name, namespace: namespace.name, labels })),
  );
  const deployed = session && (await readGraph(session));
  const pairs = [...located.flatMap((job) => listPairs(folder.project, job)), ...(deployed?.pairs ?? [])];
  const changed = await findChanged(selector, folder.cwd, located);
  const states = deployed && { states: deployed.states };
  return new Set(selectJobs(selector, { jobs, graph: connectPairs(pairs), changed, ...states }));
}

async function findChanged(selector: Selector, cwd: string, jobs: readonly LocatedJob[]) {
  const changed = new Map<string, ReadonlySet<JobName>>();
  for (const criterion of listCriteria(selector)) {
    if (criterion.by === 'changed')
      changed.set(criterion.ref, await findChangedJobs(cwd, criterion.ref, jobs));
  }
  return changed;
}

function listPairs(project: ProjectName, { spec }: LocatedJob): readonly JobPair[] {
  return listStaticUpstreams(project, spec)
    .filter((upstream) => upstream.project === project)
    .map(({ job }) => ({ job: spec.name, upstream: parseJobName(job) }));
}
