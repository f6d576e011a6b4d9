import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobSpec } from '@optimus/domain';
import { readWitness } from '../lake/read-witness.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import type { AttemptRecord, EventRecord, History, InstanceRecord, RunRecord } from './history.ts';

const RUNS = `
  SELECT run.id, run.job_id AS "jobId", job.name AS job, namespace.name AS namespace, scheduled_at AS "scheduledAt",
    execution_time AS "createdAt", finished_at AS "finishedAt", run.state, run.message, wait_count AS "waitCount", spec,
    window_start AS "windowStart", window_end AS "windowEnd"
  FROM run JOIN job ON job.id = run.job_id JOIN namespace ON namespace.id = run.namespace_id
    JOIN job_version ON job_version.id = run.version_id ORDER BY job.name, scheduled_at`;
const INSTANCES = `
  SELECT id, run_id AS "runId", type, name, role, position, state, message FROM run_instance ORDER BY run_id, position, id`;
const ATTEMPTS = `
  SELECT id, instance_id AS "instanceId", number, state, exit_code AS "exitCode", started_at AS "startedAt",
    finished_at AS "finishedAt" FROM attempt ORDER BY id`;
const EVENTS = `SELECT run_id AS "runId", attempt_id AS "attemptId", state FROM run_event ORDER BY id`;

type RunRow = Omit<RunRecord, 'spec' | 'window'> & {
  readonly spec: JobSpec;
  readonly windowStart: Date;
  readonly windowEnd: Date;
};

/** Gathers what is known of a seed. */
export async function readHistory(
  stage: ChaosStage,
  known: Pick<History, 'touched' | 'liveSince' | 'calmSince'>,
): Promise<History> {
  const [runs, instances, attempts, events, sightings] = await Promise.all([
    stage.query<RunRow>(RUNS),
    stage.query<InstanceRecord>(INSTANCES),
    stage.query<AttemptRecord>(ATTEMPTS),
    stage.query<EventRecord>(EVENTS),
    readWitness(stage.witness),
  ]);
  return {
    ...known,
    instances,
    attempts,
    events,
    sightings,
    cutOffs: stage.cutOffs.all,
    fullDisks: stage.fullDisks,
    runs: runs.map(({ windowStart: start, windowEnd: end, ...run }) => ({ ...run, window: { start, end } })),
    outputs: await readOutputs(stage),
  };
}

async function readOutputs(stage: ChaosStage): Promise<History['outputs']> {
  const outputs = new Map<string, string>();
  for (const { home } of stage.servers) {
    for (const database of await readdir(path.join(home, 'runs')).catch(() => [])) {
      const logs = path.join(home, 'runs', database, 'logs');
      for (const file of await readdir(logs).catch(() => [])) {
        outputs.set(`${home} ${path.basename(file, '.log')}`, await readFile(path.join(logs, file), 'utf8'));
      }
    }
  }
  return outputs;
}
