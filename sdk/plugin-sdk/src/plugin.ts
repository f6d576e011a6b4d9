import type { Logger } from './logger.ts';

/** A value or the promise of one: handlers may be synchronous or not. */
export type Awaitable<T> = T | Promise<T>;

/** Names and values, in order: configuration (`RANGE_START` → `{{.DSTART}}`) or assets (file name → content). */
export type Entries = Readonly<Record<string, string>>;

/** A question that `optimus job create` asks on the plugin's behalf. */
export interface Question {
  /** Identifies the answer; unique within the plugin, sub-questions included. */
  readonly name: string;
  readonly prompt: string;
  readonly help?: string;
  readonly default?: string;
  /** The values to choose from; absent for free text. */
  readonly multiselect?: ReadonlyArray<string>;
  /** Asked next, when the answer equals `ifValue`. */
  readonly subQuestions?: ReadonlyArray<SubQuestions>;
}

export interface SubQuestions {
  readonly ifValue: string;
  readonly questions: ReadonlyArray<Question>;
}

export interface Answer {
  readonly question: Question;
  readonly value: string;
}

/** The data window of a job, as specified. */
export interface WindowSpec {
  readonly sizeSeconds: number;
  readonly offsetSeconds: number;
  /** `M`, `w`, `d`, `h` or empty. */
  readonly truncateTo: string;
}

/** One value that the host has computed for the run, such as `DSTART`. */
export interface InstanceDatum {
  readonly name: string;
  readonly value: string;
  readonly type: 'env' | 'file';
}

/** What every handler is given beside its request. */
export interface CallContext {
  readonly log: Logger;
  /** Aborted when the host gives up waiting. */
  readonly signal: AbortSignal;
  /** The host only wants to see what would happen: change nothing. */
  readonly dryRun: boolean;
}

export interface QuestionsRequest {
  readonly jobName: string;
}

export interface AnswersRequest {
  /** Answer by question name. */
  readonly answers: Entries;
}

export interface CompileAssetsRequest {
  readonly config: Entries;
  readonly assets: Entries;
  readonly window: WindowSpec;
  /** Absent when the host compiles outside a run. */
  readonly scheduledAt?: Date;
  readonly startTime?: Date;
  readonly endTime?: Date;
  readonly instanceData: ReadonlyArray<InstanceDatum>;
}

export interface ResolveRequest {
  readonly config: Entries;
  readonly assets: Entries;
  readonly project: Project;
}

export interface Project {
  readonly name: string;
  readonly config: Entries;
  /** Only what the host chose to show this plugin. */
  readonly secrets: Entries;
}

/** Where a job writes. Its URN is `type://name`. */
export interface Destination {
  readonly name: string;
  readonly type: string;
}

/** Lets a plugin take part in `optimus job create` and in the compilation of assets. */
export interface CliMod {
  readonly getQuestions: (
    request: QuestionsRequest,
    context: CallContext,
  ) => Awaitable<ReadonlyArray<Question>>;
  /** Returns what is wrong with the answer, or undefined. Absent: every answer is accepted. */
  readonly validateQuestion?: (answer: Answer, context: CallContext) => Awaitable<string | undefined>;
  /** The `task.config` of the new job; values may hold templates. */
  readonly defaultConfig: (request: AnswersRequest, context: CallContext) => Awaitable<Entries>;
  /** The asset files of the new job. Absent: none. */
  readonly defaultAssets?: (request: AnswersRequest, context: CallContext) => Awaitable<Entries>;
  /** Overrides how assets are compiled for a run. Absent: they pass through. */
  readonly compileAssets?: (request: CompileAssetsRequest, context: CallContext) => Awaitable<Entries>;
}

/** Lets a plugin say what a job writes and reads, so that the host can order jobs. */
export interface DependencyResolverMod {
  readonly generateDestination: (request: ResolveRequest, context: CallContext) => Awaitable<Destination>;
  /** Full URNs, such as `bigquery://project:dataset.table`. */
  readonly generateDependencies: (
    request: ResolveRequest,
    context: CallContext,
  ) => Awaitable<ReadonlyArray<string>>;
}

interface PluginBase {
  /** As written in `task.name` of a job. Letters, digits and dashes. */
  readonly name: string;
  readonly description: string;
  /** Semantic version of the plugin. */
  readonly version: string;
  /** The image that does the work, with its tag. */
  readonly image: string;
  /** Where the image expects a mounted secret file, if it does. */
  readonly secretPath?: string;
  readonly cli?: CliMod;
  readonly dependencyResolver?: DependencyResolverMod;
}

/** The one transformation of a job. */
export interface TaskPlugin extends PluginBase {
  readonly type: 'task';
}

/** Runs before a task, after it, or when it failed. */
export interface HookPlugin extends PluginBase {
  readonly type: 'hook';
  readonly hookType: 'pre' | 'post' | 'fail';
  /** Names of the hooks that must have run before this one. */
  readonly dependsOn?: ReadonlyArray<string>;
}

/** What an author writes. Its mods are the ones present: `cli`, `dependencyResolver`. */
export type Plugin = TaskPlugin | HookPlugin;
