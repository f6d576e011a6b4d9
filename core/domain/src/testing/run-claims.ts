import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import { type JobName, parseJobName } from '../job/job-name.ts';
import type { JobBehavior } from '../job/job-spec.ts';
import type { ClaimedAttempt, ServerIdentity } from '../ports/run-store.ts';
import type { NextStep } from '../run/attempt-outcome.ts';
import type { PlannedInstance, PlannedRun, RunDetail } from '../run/run.ts';
import { makeJobSpec } from './job-fixtures.ts';
import { type StorePorts, type Tenant, toUpsert } from './store-ports.ts';

/** The tick of the runs under test. */
export const TICK = new Date('2022-09-19T02:00:00Z');
/** The refusal of a late report. */
export const STALE = { code: 'FENCE_STALE' };
/** What follows an attempt that did its work. */
export const DONE: NextStep = { kind: 'success' };
/** How a program ends that did its work. */
export const EXIT_0 = { kind: 'exited', exitCode: 0 } as const;
/** How a program ends that did not. */
export const EXIT_1 = { kind: 'exited', exitCode: 1 } as const;
/** What follows when it is not tried again. */
export const FAILED: NextStep = { kind: 'failed', message: 'exited with code 1' };

let servers = 0;

/** A server that nobody else is. */
export function makeServer(hostId = `host-${++servers}`): ServerIdentity {
  return { hostId, serverId: `server-${++servers}` };
}

/** Claims everything that is ready, and answers what belongs to the tenant. */
export async function claimOf(
  ports: StorePorts,
  tenant: Tenant,
  server = makeServer(),
  leaseMs = 60_000,
): Promise<readonly ClaimedAttempt[]> {
  const { attempts } = await ports.runs.claim(server, { limit: 1000, leaseMs });
  return attempts.filter((attempt) => attempt.project === tenant.project);
}

/** Claims the one run of the tenant that is ready. */
export async function claimOne(
  ports: StorePorts,
  tenant: Tenant,
  server = makeServer(),
  leaseMs = 60_000,
): Promise<ClaimedAttempt> {
  const [attempt] = await claimOf(ports, tenant, server, leaseMs);
  return present(attempt, 'a ready run');
}

/** The tenant's run at {@link TICK}. */
export async function getRun(ports: StorePorts, { project }: Tenant, job: JobName): Promise<RunDetail> {
  return present(await ports.runs.findDetail({ project, job, scheduledAt: TICK }), 'the run');
}

const DAY_MS = 86_400_000;

/** A job whose ticks from {@link TICK} on are planned, one a day. */
export async function planJob(
  ports: StorePorts,
  tenant: Tenant,
  {
    ticks = 1,
    behavior,
    instances,
    name = 'job-of-ticks',
  }: {
    readonly ticks?: number;
    readonly behavior?: Partial<JobBehavior>;
    readonly instances?: readonly PlannedInstance[];
    readonly name?: string;
  },
): Promise<Job> {
  const base = makeJobSpec({ name: parseJobName(name) });
  const spec = { ...base, behavior: { ...base.behavior, ...behavior } };
  const upsert = toUpsert(tenant, spec, { nextScheduledAt: TICK, ...(instances && { instances }) });
  await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
  const job = present(await ports.jobs.find({ project: tenant.project, job: spec.name }), 'the job');
  const { id: jobId, versionId } = job;
  const runs = Array.from({ length: ticks }, (_, day) => runOf(job, new Date(TICK.getTime() + day * DAY_MS)));
  await ports.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs }]);
  return job;
}

/** A run of the deployed job that waits for nothing. */
export function runOf({ id: jobId, versionId }: Job, scheduledAt: Date): PlannedRun {
  return { jobId, versionId, scheduledAt, window: { start: TICK, end: scheduledAt }, priority: 1 };
}
