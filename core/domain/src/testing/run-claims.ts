import { present } from '../error/invariant.ts';
import type { JobName } from '../job/job-name.ts';
import type { ClaimedAttempt, ServerIdentity } from '../ports/run-store.ts';
import type { NextStep } from '../run/attempt-outcome.ts';
import type { RunDetail } from '../run/run.ts';
import type { StorePorts, Tenant } from './store-ports.ts';

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
