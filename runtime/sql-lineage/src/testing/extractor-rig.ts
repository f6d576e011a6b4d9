import {
  type ColumnLineage,
  type JobSpec,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  type ResolveRequest,
  SILENT_LOG,
  toJobContentHash,
  toResources,
} from '@optimus/domain';
import {
  computeDayWindow,
  createInMemoryPlugins,
  makeJobSpec,
  makePluginInfo,
} from '@optimus/domain/testing';
import { inferResources, SQL_STORES } from '@optimus/resolver';
import type { Store } from '@optimus/store';
import type { LineageProcessOptions } from '../analysis/lineage-process.ts';
import { LineageExtractor } from '../lineage-extractor.ts';

const project = parseProjectName('lake');
const namespace = parseNamespaceName('team');

/** What a job of the rig writes, and the query for it. */
export interface RigJob {
  readonly name: string;
  readonly writes: string;
  readonly sql: string;
  readonly owner?: string;
}

/** Registers the one tenant of a rig. */
export async function registerTenant(store: Store): Promise<void> {
  await store.projects.save({ name: project, config: {} });
  await store.namespaces.save({ project, name: namespace, config: {} });
}

/** Deploys jobs whose edges follow from their SQL, as a server would. */
export async function deployJobs(store: Store, jobs: readonly RigJob[]): Promise<void> {
  const upserts = jobs.map(({ name, writes, sql, owner = 'ada' }) => {
    const config = [{ name: 'WRITES', value: writes }];
    const task = { ...makeJobSpec().task, config };
    const spec: JobSpec = makeJobSpec({
      name: parseJobName(name),
      owner,
      assets: { 'query.sql': sql },
      task,
    });
    const bigquery = SQL_STORES.get('bq');
    const reads = bigquery
      ? inferResources({ store: bigquery, texts: [{ name: 'query.sql', sql }] }).reads
      : [];
    return {
      namespace,
      spec,
      contentHash: toJobContentHash(spec),
      nextScheduledAt: undefined,
      resources: toResources(
        writes,
        reads.map(({ urn }) => urn),
      ),
    };
  });
  await store.jobs.apply({ project, upserts, deletes: [], author: '' });
}

/** An extractor on the store, whose one plugin has its jobs say what they write and names `query.sql`. */
export function createExtractor(
  store: Store,
  { hostId = 'host', ...process }: LineageProcessOptions & { readonly hostId?: string } = {},
): LineageExtractor {
  const plugins = {
    ...createInMemoryPlugins([{ ...makePluginInfo(), mods: ['dependencyresolver'] }]),
    findDestination: async (_kind: string, _name: string, { config }: ResolveRequest) =>
      config.find(({ name }) => name === 'WRITES')?.value,
    listSourceTexts: async (_kind: string, _name: string, { assets }: ResolveRequest) =>
      assets.map(({ name, value }) => ({ parser: 'bq', name, text: value })),
  };
  return new LineageExtractor({
    deps: {
      ...store,
      plugins,
      computeWindow: computeDayWindow,
      compileRunContext: ({ assets, secrets }) => ({ envs: {}, files: assets, secrets, warnings: [] }),
    },
    jobs: store.jobs,
    lineages: store.lineages,
    feed: store.changes,
    hostId,
    // Where others want the processor, the analysis, of low priority, gets little of it.
    process: { timeoutMs: 100_000, ...process },
    log: SILENT_LOG,
  });
}

/** The columns of a deployed job, each with its sources: `a: bigquery://p:d.t x`; undefined while it waits. */
export async function readColumns(store: Store, job: string): Promise<readonly string[] | undefined> {
  const found = await store.lineages.find({ project, job: parseJobName(job) });
  return found?.lineage && !found.isPending ? describeLineage(found.lineage) : undefined;
}

/** Why columns are missing. */
export async function readProblems(store: Store, job: string): Promise<readonly string[]> {
  const found = await store.lineages.find({ project, job: parseJobName(job) });
  return found?.lineage?.problems ?? [];
}

function describeLineage({ columns }: ColumnLineage): readonly string[] {
  return columns.map(
    ({ name, sources }) => `${name}: ${sources.map(({ urn, column }) => `${urn} ${column}`).join(', ')}`,
  );
}
