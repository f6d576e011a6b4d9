import type { JobName } from './job-name.ts';
import type { OverlapPolicy } from './overlap-policy.ts';

/** One configuration entry of a task or hook; values may hold templates. Order is the author's. */
export interface ConfigItem {
  readonly name: string;
  readonly value: string;
}

/** When a job runs. Dates are `YYYY-MM-DD`, midnight by the clock of the schedule. */
export interface JobSchedule {
  readonly startDate: string;
  /** Bounds the start of the last interval. */
  readonly endDate?: string;
  /** Cron expression of five fields, a descriptor such as `@daily`, or `@every 1h30m`; empty: the job runs by hand only. */
  readonly interval: string;
  /** IANA name of the zone by whose clock the job runs; UTC when absent. */
  readonly timezone?: string;
}

/** How often and after what pause a failed attempt is tried again. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly count: number;
  readonly delayMs: number;
  readonly exponentialBackoff: boolean;
}

/** Whom to tell about what. */
export interface NotifyRule {
  readonly on: string;
  readonly channels: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  /** Absent: `WARNING`. */
  readonly severity?: 'INFO' | 'WARNING' | 'CRITICAL';
  readonly team?: string;
}

/** Addresses that are called at an event. */
export interface WebhookRule {
  readonly on: string;
  readonly endpoints: readonly {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }[];
}

/** When the time that an operator takes becomes worth telling. */
export interface AlertRule {
  readonly team?: string;
  readonly slaMiss: readonly {
    /** Hours and minutes: `1h30m`. */
    readonly durationThreshold?: string;
    readonly autoThreshold?: boolean;
    readonly severity?: 'INFO' | 'WARNING' | 'CRITICAL';
    readonly team?: string;
  }[];
  readonly disableAnomalyDetection?: boolean;
  /** `retry`, `success` and `failure` as their author wrote them. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** How runs of a job behave towards time, failure and each other. */
export interface JobBehavior {
  readonly dependsOnPast: boolean;
  readonly catchUp: boolean;
  readonly retry: RetryPolicy;
  readonly notify: readonly NotifyRule[];
  /** Absent: none. */
  readonly webhooks?: readonly WebhookRule[];
  /** Runs of the job that are under way at once; absent: any number. */
  readonly maxActiveRuns?: number;
  /** What becomes of a tick that comes due while an earlier run of the job is not over; absent: it runs beside that one. */
  readonly overlap?: OverlapPolicy;
  /** How long one attempt may take; absent: as long as it does. */
  readonly attemptTimeoutMs?: number;
  /** How long a run may take from its first attempt on, but for its fail hooks; absent: as long as it does. */
  readonly runTimeoutMs?: number;
}

/** The data window as its author wrote it; its meaning depends on the spec's version. */
export interface WindowSpec extends WindowPreset {
  /** Versions 1 and 2. */
  readonly offset: string;
  /** The name of a window of the project, which then holds alone; lower-case, without `@`. */
  readonly preset?: string;
}

/** A window under a name, which the jobs of a project share. */
export interface WindowPreset {
  readonly size: string;
  readonly truncateTo: string;
  /** How far the window is moved: `-1d`. Version 3. */
  readonly shiftBy?: string;
  /** IANA name of the zone whose calendar holds; UTC when absent. Version 3. */
  readonly location?: string;
}

/** The one transformation of a job. */
export interface TaskSpec {
  readonly name: string;
  readonly config: readonly ConfigItem[];
  readonly window: WindowSpec;
  /** Version of the plugin; absent: the installed one. */
  readonly version?: string;
  readonly alert?: AlertRule;
}

/** An operation before or after the task. */
export interface HookSpec {
  readonly name: string;
  /** A template that decides in each run whether the hook runs: see {@link CompiledRunContext.skipReason}. Absent: it does. */
  readonly when?: string;
  readonly config: readonly ConfigItem[];
  /** Version of the plugin; absent: the installed one. */
  readonly version?: string;
  readonly alert?: AlertRule;
}

/** A dependency that its author named. */
export interface JobDependency {
  /** `intra`: a job of this project; `inter`: `project/job`; `http`: an endpoint; `extra`: outside Optimus. */
  readonly type: 'intra' | 'inter' | 'http' | 'extra';
  /** Empty for `http`. */
  readonly name: string;
  readonly http?: HttpDependency;
}

/** An endpoint that must answer 2xx before a run starts. */
export interface HttpDependency {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
}

/** Kubernetes quantities; empty when unset. */
export interface ResourceQuantities {
  readonly cpu: string;
  readonly memory: string;
}

/** Hints to executors and schedulers. */
export interface JobMetadata {
  readonly resource?: { readonly request: ResourceQuantities; readonly limit: ResourceQuantities };
  readonly airflow?: { readonly pool: string; readonly queue: string };
  readonly kubernetes?: { readonly serviceAccount: string };
}

/** A job as its author specified it. Immutable: every change is a new version. */
export interface JobSpec {
  /** Version of the specification language: 1, 2 or 3. */
  readonly version: number;
  readonly name: JobName;
  readonly owner: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly schedule: JobSchedule;
  readonly behavior: JobBehavior;
  readonly task: TaskSpec;
  readonly hooks: readonly HookSpec[];
  readonly dependencies: readonly JobDependency[];
  readonly metadata: JobMetadata;
  /** File name, relative to the job's `assets` folder, to its text, or to what stands for the bytes of a binary one. */
  readonly assets: Readonly<Record<string, string>>;
}
