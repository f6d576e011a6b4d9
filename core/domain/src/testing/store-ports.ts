import { toJobContentHash } from '../job/job-content-hash.ts';
import { NO_RESOURCES } from '../job/job-edge.ts';
import type { JobName } from '../job/job-name.ts';
import { parseJobName } from '../job/job-name.ts';
import type { JobSpec } from '../job/job-spec.ts';
import { type NamespaceName, parseNamespaceName } from '../namespace/namespace.ts';
import type { ChangeFeed } from '../ports/change-feed.ts';
import type { ContextStore } from '../ports/context-store.ts';
import type { HistoryStore } from '../ports/history-store.ts';
import type { JobIndex } from '../ports/job-index.ts';
import type { JobStore, JobUpsert } from '../ports/job-store.ts';
import type { LineageStore } from '../ports/lineage-store.ts';
import type { ProbeStore } from '../ports/probe-store.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { LeaseStore, RunStore, ScheduleStore } from '../ports/run-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { type ProjectName, parseProjectName } from '../project/project.ts';
import { makeJobSpec } from './job-fixtures.ts';

/** All ports of storage: one implementation of them stands or falls as a whole. */
export interface StorePorts {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly secrets: SecretStore;
  readonly jobs: JobStore;
  readonly index: JobIndex;
  readonly schedules: ScheduleStore;
  readonly runs: RunStore;
  readonly history: HistoryStore;
  readonly probes: ProbeStore;
  readonly leases: LeaseStore;
  readonly contexts: ContextStore;
  readonly lineages: LineageStore;
  readonly changes: ChangeFeed;
}

/** The ports under test, ready for use when a test runs. The tests share them and keep apart by tenant. */
export type GetStorePorts = () => StorePorts;

/** A tenant of one test. */
export interface Tenant {
  readonly project: ProjectName;
  readonly namespace: NamespaceName;
}

let tenants = 0;

/** A name that no other test uses. */
export function makeProjectName(): ProjectName {
  return parseProjectName(`project-${++tenants}`);
}

/** A registered project with a registered namespace. */
export async function makeTenant(ports: StorePorts): Promise<Tenant> {
  const tenant = { project: makeProjectName(), namespace: parseNamespaceName('sky') };
  await ports.projects.save({ name: tenant.project, config: {} });
  await ports.namespaces.save({ project: tenant.project, name: tenant.namespace, config: {} });
  return tenant;
}

/** A specification as a change of its tenant's jobs: it reads and writes nothing, and never runs, unless told otherwise. */
export function toUpsert(
  { namespace }: Tenant,
  spec: JobSpec,
  overrides: Partial<JobUpsert> = {},
): JobUpsert {
  return {
    namespace,
    spec,
    contentHash: toJobContentHash(spec),
    nextScheduledAt: undefined,
    resources: NO_RESOURCES,
    ...overrides,
  };
}

/** Deploys a job with the given parts; its cursor stands at `nextScheduledAt`. */
export async function deployJob(
  ports: StorePorts,
  tenant: Tenant,
  {
    nextScheduledAt,
    author = '',
    ...overrides
  }: Partial<JobSpec> & { readonly nextScheduledAt?: Date; readonly author?: string },
): Promise<JobName> {
  const spec = makeJobSpec(overrides);
  const upsert = toUpsert(tenant, spec, { nextScheduledAt });
  await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author });
  return spec.name;
}

/** Deletes a deployed job. */
export async function deleteDeployed(
  ports: StorePorts,
  tenant: Tenant,
  name: JobName,
  author = '',
): Promise<void> {
  const { project, namespace } = tenant;
  await ports.jobs.apply({ project, upserts: [], deletes: [{ namespace, name }], author });
}

/** Deploys a job and plans one run of it, which is ready to be claimed. */
export async function planRun(
  ports: StorePorts,
  tenant: Tenant,
  scheduledAt = new Date('2022-09-19T02:00:00Z'),
  priority = 1,
): Promise<JobName> {
  const job = await deployJob(ports, tenant, {
    name: parseJobName(`job-${++tenants}`),
    nextScheduledAt: scheduledAt,
  });
  const stored = await ports.jobs.find({ project: tenant.project, job });
  const window = { start: new Date('2022-09-18T00:00:00Z'), end: new Date('2022-09-19T00:00:00Z') };
  const { id: jobId = '', versionId = '' } = stored ?? {};
  await ports.schedules.advance([
    {
      jobId,
      versionId,
      from: scheduledAt,
      to: undefined,
      runs: [{ jobId, versionId, scheduledAt, window, priority }],
    },
  ]);
  return job;
}
