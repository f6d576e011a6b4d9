import { setTimeout as delay } from 'node:timers/promises';
import type { HandStep } from '../plan/fault.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import { type FaultOutcome, lifted, missed } from './fault-outcome.ts';

const BETWEEN_STEPS_MS = 700;

/** The same job is run by hand twice at once: one of them may be refused, and each that is not is a run. */
export async function runTwice(stage: ChaosStage, job: string): Promise<FaultOutcome> {
  const ended = await Promise.all([stage.optimus(['job', 'run', job]), stage.optimus(['job', 'run', job])]);
  return ended.some(({ code }) => code === 0)
    ? lifted()
    : missed(`refused: ${ended[0]?.stderr.slice(0, 120)}`);
}

/** A task that misbehaves. */
export async function runPoison(stage: ChaosStage, job: string): Promise<FaultOutcome> {
  const { code, stderr } = await stage.optimus(['job', 'run', job]);
  return code === 0 ? lifted() : missed(`refused: ${stderr.slice(0, 120)}`);
}

/** Every job is deployed anew while runs of it are under way. */
export async function deployAgain(stage: ChaosStage, ms: number): Promise<FaultOutcome> {
  const { code, stderr } = await stage.deploy('live');
  await delay(ms);
  return code === 0 ? lifted() : missed(`refused: ${stderr.slice(0, 120)}`);
}

/** Somebody pauses, cancels and reruns. What is paused is resumed, also when a step was refused. */
export async function useHands(stage: ChaosStage, steps: readonly HandStep[]): Promise<FaultOutcome> {
  for (const step of steps) {
    await takeStep(stage, step);
    await delay(BETWEEN_STEPS_MS);
  }
  for (const { job } of steps.filter(({ verb }) => verb === 'pause')) await stage.call(job, 'resume');
  return lifted();
}

const NEWEST = `
  SELECT scheduled_at FROM run JOIN job ON job.id = job_id
  WHERE job.name = $1 AND (run.state IN ('success', 'failed', 'skipped', 'canceled')) = $2 ORDER BY scheduled_at DESC LIMIT 1`;

async function takeStep(stage: ChaosStage, { verb, job }: HandStep): Promise<void> {
  if (verb === 'pause') return void (await stage.call(job, 'pause'));
  const [run] = await stage.query<{ readonly scheduled_at: Date }>(NEWEST, [job, verb === 'rerun']);
  if (run) await stage.call(job, `run/${verb}`, { scheduledAt: run.scheduled_at.toISOString() });
}
