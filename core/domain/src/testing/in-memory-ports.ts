import { OptimusError } from '../error/optimus-error.ts';
import type { Job, JobDigest, JobKey } from '../job/job.ts';
import { type JobEdge, listStaticUpstreams } from '../job/job-edge.ts';
import { parseJobName } from '../job/job-name.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { NamedValue, PluginEntry, PluginInfo } from '../plugin/plugin.ts';
import type { ContextStore } from '../ports/context-store.ts';
import type { JobIndex } from '../ports/job-index.ts';
import type { JobChangeSet, JobStore } from '../ports/job-store.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { type Project, parseProjectName } from '../project/project.ts';
import type { SecretName, SecretScope } from '../secret/secret.ts';

// Ports that keep everything in this process, for tests of use cases: they follow the contracts of the ports, without durability.

/** Projects in memory. */
export function createInMemoryProjects(): ProjectStore {
  const projects = new Map<string, Project>();
  return {
    save: async (project) => void projects.set(project.name, project),
    find: async (name) => projects.get(name),
    list: async () => [...projects.values()].sort(byName),
  };
}

/** Namespaces in memory. */
export function createInMemoryNamespaces(projects: ProjectStore): NamespaceStore {
  const namespaces = new Map<string, Namespace>();
  return {
    async save(namespace) {
      await requireProject(projects, namespace.project);
      namespaces.set(`${namespace.project}/${namespace.name}`, namespace);
    },
    find: async (project, name) => namespaces.get(`${project}/${name}`),
    list: async (project) => [...namespaces.values()].filter((one) => one.project === project).sort(byName),
  };
}

/** What is asked about jobs in memory; their edges are those that their authors named. */
export function createInMemoryIndex(jobs: InMemoryJobs): JobIndex {
  const listEdges = async (): Promise<readonly JobEdge[]> => {
    const deployed = await jobs.list({});
    return deployed.flatMap(({ project, spec }) =>
      listStaticUpstreams(project, spec).map((upstream): JobEdge => {
        const found = deployed.find(
          (job) => job.project === upstream.project && job.spec.name === upstream.job,
        );
        const key = { project: parseProjectName(upstream.project), job: parseJobName(upstream.job) };
        return {
          project,
          job: spec.name,
          kind: 'static',
          urn: '',
          upstream: key,
          isResolved: found !== undefined,
        };
      }),
    );
  };
  return {
    listVersions: async ({ project, job }, { before = Infinity, limit } = {}) =>
      jobs.versions
        .filter((version) => version.project === project && version.spec.name === job)
        .map(({ versionId, versionNumber: number, updatedAt, contentHash }, position, all) => ({
          versionId,
          number,
          author: '',
          createdAt: updatedAt,
          contentHash,
          isDeployed: position === all.length - 1,
          deletions: [],
        }))
        .toReversed()
        .filter(({ number }) => number < before)
        .slice(0, limit),
    async listEdges({ jobs: keys, direction }) {
      const isWanted = (key: JobKey): boolean =>
        keys.some(({ project, job }) => project === key.project && job === key.job);
      return (await listEdges()).filter((edge) =>
        direction === 'upstream' ? isWanted(edge) : edge.upstream !== undefined && isWanted(edge.upstream),
      );
    },
    async readProject(project) {
      const own = await jobs.list({ project });
      const edges = (await listEdges()).filter((edge) => edge.project === project && edge.isResolved);
      return {
        jobs: own.map(({ namespace, spec: { name, labels } }) => ({
          name,
          namespace,
          labels,
          lastRunState: undefined,
        })),
        edges: edges.flatMap(({ job, upstream }) => (upstream ? [{ job, upstream: upstream.job }] : [])),
      };
    },
  };
}

/** Jobs in memory, with every change set that was applied. */
export interface InMemoryJobs extends JobStore {
  readonly applied: readonly JobChangeSet[];
  /** Every version of every job, in the order in which they were stored. */
  readonly versions: readonly Job[];
  /** Makes the job look as if it had been planned up to this tick. */
  setLastScheduledAt(name: string, tick: Date): void;
}

/** Jobs in memory. */
export function createInMemoryJobs(): InMemoryJobs {
  const versions: Job[] = [];
  const deployed = new Map<string, Job>();
  const destinations = new Map<string, string | undefined>();
  const lastTicks = new Map<string, Date>();
  const applied: JobChangeSet[] = [];
  const toDigest = ({ spec, namespace, contentHash }: Job): JobDigest => ({
    name: spec.name,
    namespace,
    contentHash,
    lastScheduledAt: lastTicks.get(spec.name),
  });
  const sorted = (): Job[] => [...deployed.values()].sort((a, b) => byName(a.spec, b.spec));
  return {
    applied,
    versions,
    setLastScheduledAt: (name, tick) => void lastTicks.set(name, tick),
    find: async ({ project, job }) => deployed.get(`${project}/${job}`),
    async findDigest({ project, job }) {
      const found = deployed.get(`${project}/${job}`);
      return found && toDigest(found);
    },
    findVersion: async (id) => versions.find(({ versionId }) => versionId === id),
    list: async ({ project, namespace, name, names }) =>
      sorted().filter(
        (job) =>
          job.project === (project ?? job.project) &&
          job.namespace === (namespace ?? job.namespace) &&
          job.spec.name === (name ?? job.spec.name) &&
          (names?.includes(job.spec.name) ?? true),
      ),
    listDigests: async (project, names) =>
      sorted()
        .filter((job) => job.project === project && (names?.includes(job.spec.name) ?? true))
        .map(toDigest),
    listPresetUses: async (project) =>
      sorted().flatMap(({ project: own, spec }) =>
        own === project && spec.task.window.preset
          ? [{ preset: spec.task.window.preset, job: spec.name }]
          : [],
      ),
    async readRevision(project, known) {
      const revision = `${applied.length}`;
      const own = sorted().filter((job) => job.project === project);
      return revision === known ? undefined : { revision, digests: own.map(toDigest) };
    },
    async apply(change, { isDryRun = false } = {}) {
      const outcome = { refused: [], gained: [], lost: [], downstream: [], shared: [] };
      const isNothing = !change.registration && change.upserts.length + change.deletes.length === 0;
      const revisionBefore = `${applied.length}`;
      if (isDryRun || isNothing) return { revision: revisionBefore, revisionBefore, ...outcome };
      applied.push(change);
      for (const { name } of change.deletes) {
        if (deployed.delete(`${change.project}/${name}`)) continue;
        throw new OptimusError('JOB_NOT_FOUND', { message: `job "${name}" is not deployed` });
      }
      for (const upsert of change.upserts) {
        const key = `${change.project}/${upsert.spec.name}`;
        const job = toJob(change, upsert, deployed.get(key));
        versions.push(job);
        destinations.set(job.versionId, upsert.resources.destination);
        deployed.set(key, job);
      }
      return { revision: `${applied.length}`, revisionBefore, ...outcome };
    },
  };
}

function toJob(change: JobChangeSet, upsert: JobChangeSet['upserts'][number], before: Job | undefined): Job {
  const versionNumber = (before?.versionNumber ?? 0) + 1;
  const id = before?.id ?? `${change.project}/${upsert.spec.name}`;
  const { project } = change;
  const { namespace, spec, contentHash } = upsert;
  const updatedAt = new Date(0);
  return {
    id,
    project,
    namespace,
    spec,
    contentHash,
    versionId: `${id}@${versionNumber}`,
    versionNumber,
    updatedAt,
  };
}

/** Secrets in memory, in clear text. */
export function createInMemorySecrets(): SecretStore {
  const secrets = new Map<string, { scope: SecretScope; name: SecretName; value: string }>();
  const keyOf = (scope: SecretScope, name: SecretName): string =>
    `${scope.project}/${scope.namespace ?? ''}/${name}`;
  const assertHas = (key: string, name: SecretName): void => {
    if (!secrets.has(key)) throw new OptimusError('SECRET_NOT_FOUND', { message: `no secret "${name}"` });
  };
  return {
    async create(scope, name, value) {
      const key = keyOf(scope, name);
      if (secrets.has(key)) throw new OptimusError('SECRET_EXISTS', { message: `secret "${name}" exists` });
      secrets.set(key, { scope, name, value });
    },
    async update(scope, name, value) {
      assertHas(keyOf(scope, name), name);
      secrets.set(keyOf(scope, name), { scope, name, value });
    },
    async delete(scope, name) {
      assertHas(keyOf(scope, name), name);
      secrets.delete(keyOf(scope, name));
    },
    list: async (project) =>
      [...secrets.values()]
        .filter(({ scope }) => scope.project === project)
        .map(({ scope, name, value }) => ({
          ...scope,
          name,
          digest: `#${value.length}`,
          updatedAt: new Date(0),
        }))
        .sort(byName),
    async readAll(project, namespace) {
      const visible = [...secrets.values()].filter(({ scope }) => scope.project === project);
      const own = visible.filter(({ scope }) => scope.namespace === namespace);
      const shared = visible.filter(({ scope }) => scope.namespace === undefined);
      return Object.fromEntries([...shared, ...own].map(({ name, value }) => [name, value]));
    },
    rotateKey: async () => ({ rotated: 0, unreadable: [] }),
  };
}

/** Sources of contexts over other ports, `now` being the time of the database. */
export function createInMemoryContexts(
  ports: {
    readonly projects: ProjectStore;
    readonly namespaces: NamespaceStore;
    readonly jobs: JobStore;
    readonly secrets: SecretStore;
    readonly runs: Pick<RunStore, 'find'>;
  },
  now: () => Date,
): ContextStore {
  return {
    async findSource(key) {
      const [run, deployed] = [await ports.runs.find(key), await ports.jobs.find(key)];
      if (deployed === undefined && run?.state !== 'running') return undefined;
      const isPinned = run !== undefined && run.versionId !== deployed?.versionId;
      const job = isPinned ? await ports.jobs.findVersion(run.versionId) : deployed;
      if (job === undefined) return undefined;
      const project = await ports.projects.find(job.project);
      const namespace = await ports.namespaces.find(job.project, job.namespace);
      const secrets = await ports.secrets.readAll(job.project, job.namespace);
      return project && namespace && { job, project, namespace, secrets, run, now: now() };
    },
  };
}

/** A catalog of the given plugins. Assets pass through `compile`; nothing is asked and nothing inferred. */
export function createInMemoryPlugins(
  infos: readonly PluginInfo[],
  compile: (assets: readonly NamedValue[]) => readonly NamedValue[] = (assets) => assets,
): PluginCatalog {
  const entries = infos.map(
    (info): PluginEntry => ({ state: 'ready', path: `/plugins/${info.name}`, info, shadows: [] }),
  );
  return {
    list: async () => entries,
    find: async (kind, name) => infos.find((info) => info.kind === kind && info.name === name),
    getQuestions: async () => [],
    findAnswerProblem: async () => undefined,
    getDefaultConfig: async () => [],
    getDefaultAssets: async () => [],
    compileAssets: async (_kind, _name, { assets }) => compile(assets),
    findDestination: async () => undefined,
    listDependencies: async () => [],
    listSourceTexts: async () => undefined,
    listAbsentTexts: async () => [],
  };
}

async function requireProject(projects: ProjectStore, name: Project['name']): Promise<void> {
  if (await projects.find(name)) return;
  throw new OptimusError('PROJECT_NOT_FOUND', { message: `project "${name}" is not registered` });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
