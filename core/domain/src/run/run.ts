import type { JobName } from '../job/job-name.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { OpenProbe, PlannedProbe } from './run-probe.ts';
import type { AttemptState, InstanceState, RunState } from './run-state.ts';

/** A half-open span of time `[start, end)`. */
export interface Interval {
  readonly start: Date;
  readonly end: Date;
  /** IANA name of the zone in which it is written; UTC when absent. */
  readonly location?: string;
}

/** Which of a job's executables an instance is. */
export type InstanceType = 'task' | 'hook';

/** What an instance is to its run: the task, or a hook before it, after it, or when anything failed. */
export type InstanceRole = 'pre' | 'task' | 'post' | 'fail';

/** A task or hook as a job's version has it run. */
export interface PlannedInstance {
  readonly type: InstanceType;
  readonly name: string;
  readonly role: InstanceRole;
  /** Instances of equal position run side by side, after all of lower positions; the first is 0. */
  readonly position: number;
}

/** A run of an upstream that has to succeed before another run starts. */
export interface RunWait {
  readonly jobId: string;
  readonly scheduledAt: Date;
}

/** A run that the planner decided on, before it is stored. */
export interface PlannedRun {
  readonly jobId: string;
  /** The version that was deployed when the run was planned: the run is pinned to it. */
  readonly versionId: string;
  /** The tick at which the run fires: the end of its cron interval. */
  readonly scheduledAt: Date;
  /** The data window of the run. */
  readonly window: Interval;
  /** Larger runs first. */
  readonly priority: number;
  /** What it waits for; absent: nothing. What has succeeded by then, or never will run, is not waited for. */
  readonly waits?: readonly RunWait[];
  /** What it waits for beyond the jobs of this server; absent: nothing. */
  readonly probes?: readonly PlannedProbe[];
}

/** The address of a run for people: unique per job and tick. */
export interface RunKey {
  readonly project: ProjectName;
  readonly job: JobName;
  readonly scheduledAt: Date;
}

/** The address of one task or hook of a run. */
export interface InstanceKey extends RunKey {
  readonly instance: { readonly type: InstanceType; readonly name: string };
}

/** A run as listings show it. */
export interface Run extends RunKey {
  readonly id: string;
  readonly jobId: string;
  readonly versionId: string;
  readonly namespace: NamespaceName;
  readonly window: Interval;
  readonly state: RunState;
  /** The value of `EXECUTION_TIME`: when the run was first created, equal for all its attempts. */
  readonly executionTime: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** Why the run is in its state, in one sentence; empty when the state says all. */
  readonly message: string;
}

/** A task or hook within a run. */
export interface Instance {
  readonly id: string;
  readonly type: InstanceType;
  readonly name: string;
  readonly role: InstanceRole;
  readonly state: InstanceState;
  readonly attempts: readonly Attempt[];
}

/** One try of an instance. */
export interface Attempt {
  readonly id: string;
  /** 1 for the first. */
  readonly number: number;
  readonly state: AttemptState;
  readonly exitCode: number | undefined;
  readonly message: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | undefined;
  /** The host that had it last: its log lies there. */
  readonly hostId: string;
}

/** A run with its instances and their attempts. */
export interface RunDetail extends Run {
  readonly instances: readonly Instance[];
  /** What it still waits for, at most 100 of it; absent: nothing. */
  readonly waits?: readonly OpenWait[];
  /** What it still waits for beyond the jobs of this server; absent: nothing. */
  readonly probes?: readonly OpenProbe[];
}

/** The run of an upstream that is waited for. */
export interface OpenWait extends RunKey {
  /** Undefined while there is no such run. */
  readonly state: RunState | undefined;
}
