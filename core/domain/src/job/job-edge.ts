import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { JobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';

/** What a job's task writes and reads, as URNs `store://name`. */
export interface JobResources {
  /** Undefined: it writes nothing that others could read, or its plugin does not know. */
  readonly destination: string | undefined;
  /** Sorted, each once, the job's own destination left out. */
  readonly sources: readonly string[];
}

/** The resources of a job that reads and writes nothing known. */
export const NO_RESOURCES: JobResources = { destination: undefined, sources: [] };

/** Why a job waits for another one: its author named it, or it reads what the other writes. */
export type EdgeKind = 'static' | 'inferred';

/** A job that waits, and for whom. */
export interface JobEdge {
  readonly project: ProjectName;
  readonly job: JobName;
  readonly kind: EdgeKind;
  /** For `inferred`: what is read. Empty otherwise. */
  readonly urn: string;
  /** What the upstream writes, when `urn` is a wildcard: one of its tables. Absent otherwise. */
  readonly written?: string;
  /** The job waited for; for an unresolved `inferred` edge undefined: nobody is known to write it. */
  readonly upstream: { readonly project: ProjectName; readonly job: JobName } | undefined;
  /** Whether the upstream is a deployed job. While it is not, runs are planned without waiting for it. */
  readonly isResolved: boolean;
}

/** A job by tenant. */
export interface NeededJob {
  readonly project: ProjectName;
  readonly namespace: NamespaceName;
  readonly job: JobName;
}

/** The jobs that a specification names as its upstreams, each once: of its own project, or `project/job` of another. */
export function listStaticUpstreams(
  project: ProjectName,
  spec: Pick<JobSpec, 'dependencies'>,
): ReadonlyArray<{ readonly project: string; readonly job: string }> {
  const upstreams = spec.dependencies.flatMap(({ type, name }) => {
    if (type !== 'intra' && type !== 'inter') return [];
    const [, other, job] = /^([^/]*)\/(.*)$/.exec(name) ?? [];
    return [{ project: other ?? project, job: job ?? name }];
  });
  return [
    ...new Map(upstreams.map((upstream) => [`${upstream.project}/${upstream.job}`, upstream])).values(),
  ];
}
