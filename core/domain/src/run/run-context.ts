import type { Job } from '../job/job.ts';
import type { WindowPreset } from '../job/job-spec.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { Project } from '../project/project.ts';
import type { InstanceType, Interval } from './run.ts';

/** What a task or hook receives: the answer of `…/instance` and `…/run_input`. */
export interface RunContext {
  readonly envs: Readonly<Record<string, string>>;
  /** Entries whose raw value refers to a secret. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Asset name to its compiled text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Everything that a context is compiled from. */
export interface RunContextInput {
  readonly job: Job;
  readonly project: Project;
  readonly namespace: Namespace;
  /** Decrypted secrets visible to the job's namespace. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly window: Interval;
  readonly scheduledAt: Date;
  readonly executionTime: Date;
  readonly instance: { readonly type: InstanceType; readonly name: string };
  /** Assets after the plugin's own compilation; the job's assets when it has none. */
  readonly assets: Readonly<Record<string, string>>;
  /** What the task writes, when its plugin knows. */
  readonly destination?: string;
}

/** A context and what its reader should know of it. */
export interface CompiledRunContext extends RunContext {
  /** One sentence a missing value, e.g. a key that rendered `<no value>`. */
  readonly warnings: readonly string[];
  /** Of a hook whose `when` says that it is not needed: why it is skipped, holding nothing of a secret. */
  readonly skipReason?: string;
}

/** Compiles templates against a run. Pure. @throws OptimusError `TEMPLATE_*` */
export type CompileRunContext = (input: RunContextInput) => CompiledRunContext;

/** The data window of a tick. Pure. @throws OptimusError `WINDOW_INVALID` */
export type ComputeWindow = (
  spec: {
    readonly version: number;
    readonly task: Job['spec']['task'];
    /** What a window without a size follows. */
    readonly schedule?: Job['spec']['schedule'];
  },
  scheduledAt: Date,
  options?: {
    /** The project's windows by name. */
    readonly presets?: Readonly<Record<string, WindowPreset>>;
  },
) => Interval;
