import type { AlertRule, JobMetadata, NotifyRule, OverlapPolicy, WebhookRule } from '@optimus/domain';

/** A day, `2024-01-31`. */
export type Day = `${number}-${number}-${number}`;

/** Five fields of cron, a descriptor, a delay, or the empty text: by hand only. */
export type CronInterval =
  | ''
  | `${string} ${string} ${string} ${string} ${string}`
  | `@${'yearly' | 'annually' | 'monthly' | 'weekly' | 'daily' | 'midnight' | 'hourly'}`
  | `@every ${string}`
  | `${'CRON_TZ' | 'TZ'}=${string} @${string}`;

/** A pause, `5m` or `1h30m`. */
export type Pause = '0' | `${number}${'h' | 'm' | 's' | 'ms'}` | `${number}${'h' | 'm'}${number}${'m' | 's'}`;

/** A length of time of versions 1 and 2: `24h`, `-1M`, `1M24h30m`. */
export type ClassicSpan =
  | ''
  | '0'
  | `${number}${'h' | 'm' | 's' | 'M'}`
  | `${number}M${number}h`
  | `${number}h${number}m`
  | `${number}M${number}h${number}m`;

/** A length of time of version 3: `1d`, `-2M`. */
export type CalendarSpan = 'None' | `${number}${'h' | 'd' | 'w' | 'M' | 'y'}`;

/** The span of data of a run, in versions 1 and 2. What is left out is the day before. */
export interface ClassicWindow {
  readonly size?: ClassicSpan;
  readonly offset?: ClassicSpan;
  readonly truncateTo?: '' | 'h' | 'd' | 'w' | 'M';
}

/** The span of data of a run, in version 3. */
export interface CalendarWindow {
  /** Absent: none, the window is the tick alone. */
  readonly size?: CalendarSpan;
  readonly shiftBy?: CalendarSpan;
  /** By the unit of the size when absent. */
  readonly truncateTo?: 'h' | 'd' | 'w' | 'M' | 'y' | 'None';
  /** IANA name of the zone whose calendar holds; UTC when absent. */
  readonly location?: string;
}

/** A window that the project names. */
export interface PresetWindow {
  readonly preset: string;
}

/** A plugin and what it is configured with, in order. Numbers and truth values become their text. */
export interface OperatorDefinition {
  readonly name: string;
  readonly version?: string;
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  readonly alert?: AlertRule;
}

/**
 * A plugin that runs before or after the task. Where the template `when` renders to `false`, `0`, `no` or nothing, the run goes on without
 * it.
 */
export interface HookDefinition extends OperatorDefinition {
  readonly when?: string;
}

/** What a run waits for: a job of the project, `project/job`, something beyond Optimus, or an endpoint that must answer 2xx. */
export type DependencyDefinition =
  | { readonly job: string; readonly type?: 'inter' | 'extra' }
  | {
      readonly http: {
        readonly name: string;
        readonly url: `http://${string}` | `https://${string}`;
        readonly headers?: Readonly<Record<string, string>>;
        readonly params?: Readonly<Record<string, string>>;
      };
    };

/** How runs behave; what is left out is off. */
export interface BehaviorDefinition {
  readonly dependsOnPast?: boolean;
  readonly catchUp?: boolean;
  readonly retry?: {
    readonly count: number;
    readonly delay?: Pause;
    readonly exponentialBackoff?: boolean;
  };
  readonly notify?: readonly NotifyRule[];
  readonly webhooks?: readonly WebhookRule[];
  /** Runs of the job that are under way at once. */
  readonly maxActiveRuns?: number;
  /** What a tick does that comes due while an earlier run is not over; absent or `allow`: it runs beside that one. */
  readonly overlap?: 'allow' | OverlapPolicy;
  /** How long one attempt may take. */
  readonly attemptTimeout?: Pause;
  /** How long a run may take from its first attempt on, but for its fail hooks. */
  readonly runTimeout?: Pause;
}

interface CommonDefinition {
  readonly name: string;
  readonly owner: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly schedule: {
    readonly startDate: Day;
    readonly endDate?: Day;
    readonly interval?: CronInterval;
    /** IANA name of the zone by whose clock the job runs; UTC when absent. */
    readonly timezone?: string;
  };
  readonly behavior?: BehaviorDefinition;
  readonly hooks?: readonly HookDefinition[];
  readonly dependencies?: readonly DependencyDefinition[];
  readonly metadata?: JobMetadata;
}

/** A job of the older versions of the language. */
export interface ClassicJobDefinition extends CommonDefinition {
  readonly version: 1 | 2;
  readonly task: OperatorDefinition & { readonly window?: ClassicWindow };
}

/** A job of version 3. Without a window a run covers the time from tick to tick. */
export interface CalendarJobDefinition extends CommonDefinition {
  readonly version: 3;
  readonly task: OperatorDefinition & { readonly window?: CalendarWindow | PresetWindow };
}

/** A job in TypeScript. The version decides which windows there are. */
export type JobDefinition = ClassicJobDefinition | CalendarJobDefinition;
