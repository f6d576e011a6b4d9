import { setTimeout as delay } from 'node:timers/promises';
import { awaitHealthy } from '../health/await-healthy.ts';
import { pollUntil } from '../health/poll.ts';
import { type Violation } from '../invariants/history.ts';
import { LAKE } from '../lake/lake.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';

/** Without faults some run has to end at least so often: how long all of them take is a matter of the machine. */
const PATIENCE_MS = 60_000;
/** A tick that was due for less may not be planned yet. */
const JUST_DUE_MS = 1_500;
const BETWEEN_RERUNS_MS = 1_000;

/** No faults any more: every job is resumed, schedules end, what failed is run again, and the servers stop. */
export async function bringToRest(
  stage: ChaosStage,
): Promise<{ readonly calmSince: Date; readonly violations: readonly Violation[] }> {
  const violations: Violation[] = [];
  const note = (invariant: string, evidence: string): void =>
    void violations.push({ damage: 'lost', invariant, evidence });
  for (const { name } of LAKE) await stage.call(name, 'resume');
  const healthyAfterMs = await awaitHealthy(stage, Date.now());
  if (healthyAfterMs === undefined) note('work goes on after all faults', await describe(stage));
  const calmSince = new Date(Date.now() - JUST_DUE_MS);
  const { code, stderr } = await stage.deploy('still');
  if (code !== 0) note('a deployment succeeds after all faults', stderr);
  if (!(await awaitEnds(stage))) note('every run ends after all faults', await describe(stage));
  for (const server of stage.servers) {
    const how = await server.stop();
    if (how !== 0) note('a server stops in order', `${server.home} ended with ${how}`);
  }
  return { calmSince, violations };
}

const OPEN = `
  SELECT (SELECT count(*) FROM run JOIN job ON job.id = job_id WHERE run.state NOT IN ('success', 'failed', 'skipped', 'canceled')
      OR (run.state IN ('failed', 'canceled') AND job.name = ANY ($1)))::int
    + (SELECT count(*) FROM attempt WHERE state IN ('starting', 'running'))::int AS count`;
/** Runs of the lake that ended badly: others may wait for their success. */
const BAD = `
  SELECT job.name AS job, scheduled_at FROM run JOIN job ON job.id = job_id
  WHERE state IN ('failed', 'canceled') AND job.name = ANY ($1) ORDER BY scheduled_at`;

/** Runs again what ended badly, until everything has ended; false when for a while nothing does. */
async function awaitEnds(stage: ChaosStage): Promise<boolean> {
  let open = Number.POSITIVE_INFINITY;
  for (;;) {
    let left = open;
    const isFurther = await pollUntil(async () => {
      await rerunBad(stage);
      left = await countOpen(stage);
      return left < open;
    }, PATIENCE_MS);
    if (left === 0 || !isFurther) return left === 0;
    open = left;
  }
}

async function rerunBad(stage: ChaosStage): Promise<void> {
  const names = LAKE.map(({ name }) => name);
  const bad = await stage.query<{ readonly job: string; readonly scheduled_at: Date }>(BAD, [names]);
  for (const { job, scheduled_at: at } of bad) {
    await stage.call(job, 'run/rerun', { scheduledAt: at.toISOString(), onlyFailed: true });
  }
  if (bad.length > 0) await delay(BETWEEN_RERUNS_MS);
}

/** What has not ended: runs, attempts, and runs that ended badly and have to run again. */
async function countOpen(stage: ChaosStage): Promise<number> {
  const names = LAKE.map(({ name }) => name);
  const [row] = await stage.query<{ readonly count: number }>(OPEN, [names]);
  return row?.count ?? Number.POSITIVE_INFINITY;
}

async function describe(stage: ChaosStage): Promise<string> {
  const rows = await stage.query<{ readonly text: string }>(
    `SELECT concat_ws(' ', job.name, scheduled_at, run.state, wait_count, run.message) AS text FROM run JOIN job ON job.id = job_id
     WHERE run.state NOT IN ('success', 'failed', 'skipped', 'canceled') ORDER BY run.id LIMIT 10`,
  );
  return rows.map(({ text }) => text).join('; ');
}
