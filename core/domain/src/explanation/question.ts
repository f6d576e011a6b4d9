import type { RunKey } from '../run/run.ts';
import type { Adviser } from './advice.ts';
import type { Finding } from './explanation.ts';
import type {
  AttemptFacts,
  InstanceFacts,
  JobFacts,
  RunFacts,
  RunSurroundings,
  WaitEdge,
} from './run-facts.ts';

/** A run or a tick without one, with all that explaining it rests on. */
export interface Question {
  readonly job: JobFacts;
  /** Undefined for a job that has no run and none to come. */
  readonly scheduledAt: Date | undefined;
  readonly run: RunFacts | undefined;
  readonly surroundings: RunSurroundings;
  /** What the run waits for, and what these wait for; empty unless it waits. */
  readonly waits: readonly WaitEdge[];
  /** What explains the run that all waiting begins with. */
  readonly root: { readonly run: RunKey; readonly finding: Finding } | undefined;
  /** Why the job's ticks cannot be planned; undefined when they can. */
  readonly planProblem: string | undefined;
  /** The end of the log of the attempt that failed, by its id. */
  readonly log: { readonly attemptId: string; readonly lines: readonly string[] } | undefined;
  readonly advise: Adviser;
  /** The project that was asked in: runs of others are named with theirs. */
  readonly project: string;
}

/** A question about a run that there is. */
export interface RunQuestion extends Question {
  readonly scheduledAt: Date;
  readonly run: RunFacts;
}

/** The instance whose failure is the run's: the first that failed. */
export function findFailed({ instances }: RunFacts): InstanceFacts | undefined {
  return instances.find(({ state }) => state === 'failed');
}

/** The instance that keeps the run from its end: one that runs before one that is to be tried again, before one that is to begin. */
export function findUnderWay({ instances }: RunFacts): InstanceFacts | undefined {
  const order = ['running', 'up_for_retry', 'queued', 'pending'];
  return instances
    .filter(({ state }) => order.includes(state))
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.position - b.position)[0];
}

/** The newest attempt of an instance. */
export function findLastAttempt(instance: InstanceFacts | undefined): AttemptFacts | undefined {
  return instance?.attempts.at(-1);
}

/** A task or hook by its role and name. */
export function sayInstance({ role, name }: Pick<InstanceFacts, 'role' | 'name'>): string {
  return role === 'task' ? `task ${name}` : `${role} hook ${name}`;
}
