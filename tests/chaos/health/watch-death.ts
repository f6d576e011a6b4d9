import type { ChaosServer } from '../stage/chaos-server.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import { PATIENCE_MS } from './await-healthy.ts';
import { pollUntil } from './poll.ts';

/** What became of what a dead server had; in ms from its death, or from the first moment at which any server lived. */
export interface DeathFigures {
  /** Until its last attempt was found; undefined when it had none. */
  readonly foundMs: number | undefined;
  /** Until somebody planned again; undefined when it did not lead. */
  readonly takenOverMs: number | undefined;
  /** Whether that happened in time. */
  readonly isComplete: boolean;
}

interface HeldRow {
  readonly id: string;
  readonly fence: string;
}

const HELD = `SELECT id, fence FROM attempt WHERE host_id = $1 AND state IN ('starting', 'running')`;
const UNFOUND = `
  SELECT count(*)::int AS count FROM attempt JOIN unnest($1::bigint[], $2::bigint[]) AS held (id, fence)
    ON held.id = attempt.id AND held.fence = attempt.fence WHERE state IN ('starting', 'running')`;
const LEAD = `SELECT holder, expires_at FROM lease WHERE name = 'planner'`;

/** Whose lead it is, and until when. */
export async function findLead(stage: ChaosStage) {
  const [lead] = await stage.query<{ readonly holder: string; readonly expires_at: Date }>(LEAD);
  return lead;
}

/** Watches from the moment of a server's death until nothing waits for it any more. */
export async function watchDeath(stage: ChaosStage, server: ChaosServer): Promise<DeathFigures> {
  const host = server.hostId;
  const [held, lead] = await Promise.all([stage.query<HeldRow>(HELD, [host]), findLead(stage)]);
  let since = Date.now();
  const isAlive = await pollUntil(async () => {
    if (!stage.servers.some(({ isUp }) => isUp)) since = Date.now();
    return stage.servers.some(({ isUp }) => isUp);
  }, PATIENCE_MS);
  const found = held.length > 0 ? measure(since, () => isFound(stage, held)) : undefined;
  const led = lead?.holder === host ? measure(since, () => isLedAnew(stage, lead?.expires_at)) : undefined;
  const [foundMs, takenOverMs] = await Promise.all([found, led]);
  const isComplete = isAlive && (!found || foundMs !== undefined) && (!led || takenOverMs !== undefined);
  return { foundMs, takenOverMs, isComplete };
}

async function measure(since: number, question: () => Promise<boolean>): Promise<number | undefined> {
  return (await pollUntil(question, PATIENCE_MS)) ? Date.now() - since : undefined;
}

async function isFound(stage: ChaosStage, held: readonly HeldRow[]): Promise<boolean> {
  const values = [held.map(({ id }) => id), held.map(({ fence }) => fence)];
  const [row] = await stage.query<{ readonly count: number }>(UNFOUND, values);
  return row?.count === 0;
}

async function isLedAnew(stage: ChaosStage, expiry: Date | undefined): Promise<boolean> {
  const lead = await findLead(stage);
  return lead !== undefined && expiry !== undefined && lead.expires_at > expiry;
}
