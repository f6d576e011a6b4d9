import type { SourceText } from '../lineage/column-lineage.ts';
import type {
  NamedValue,
  PluginAnswer,
  PluginEntry,
  PluginInfo,
  PluginKind,
  PluginQuestion,
} from '../plugin/plugin.ts';
import type { Interval } from '../run/run.ts';

/** The request to rewrite a job's assets for one run. */
export interface CompileAssetsRequest {
  /** Whose assets these are, for messages to people. */
  readonly jobName?: string;
  readonly config: readonly NamedValue[];
  readonly assets: readonly NamedValue[];
  readonly window: { readonly size: string; readonly offset: string; readonly truncateTo: string };
  readonly interval: Interval;
  readonly scheduledAt: Date;
}

/** The request to infer what a job reads or writes. */
export interface ResolveRequest {
  /** Whose configuration and assets these are, for messages to people. */
  readonly jobName?: string;
  readonly config: readonly NamedValue[];
  readonly assets: readonly NamedValue[];
  readonly project: {
    readonly name: string;
    readonly config: Readonly<Record<string, string>>;
    /** The plugin's own, when the project has one: `TASK_<PLUGIN>`. */
    readonly secrets?: readonly NamedValue[];
  };
}

/**
 * The installed plugins. Names are unique per kind. Every call has a deadline and survives a crashed plugin.
 * @throws OptimusError `PLUGIN_NOT_FOUND`, `PLUGIN_UNUSABLE`, `PLUGIN_REFUSED` (the plugin said no), `PLUGIN_TIMEOUT`, `PLUGIN_CRASHED`
 */
export interface PluginCatalog {
  /** All found plugins, the failed ones included, sorted by path. */
  list(): Promise<readonly PluginEntry[]>;
  /** What the plugin says of itself; the same value until the plugin is replaced. */
  find(kind: PluginKind, name: string): Promise<PluginInfo | undefined>;
  getQuestions(kind: PluginKind, name: string, jobName: string): Promise<readonly PluginQuestion[]>;
  /** The reason why the answer is refused, or undefined when it is accepted. */
  findAnswerProblem(kind: PluginKind, name: string, answer: PluginAnswer): Promise<string | undefined>;
  getDefaultConfig(
    kind: PluginKind,
    name: string,
    answers: readonly PluginAnswer[],
  ): Promise<readonly NamedValue[]>;
  getDefaultAssets(
    kind: PluginKind,
    name: string,
    answers: readonly PluginAnswer[],
  ): Promise<readonly NamedValue[]>;
  compileAssets(
    kind: PluginKind,
    name: string,
    request: CompileAssetsRequest,
  ): Promise<readonly NamedValue[]>;
  /** The URN `type://destination` that the task writes, or undefined when it writes none. */
  findDestination(kind: PluginKind, name: string, request: ResolveRequest): Promise<string | undefined>;
  /** URNs that the task reads. */
  listDependencies(kind: PluginKind, name: string, request: ResolveRequest): Promise<readonly string[]>;
  /** The texts in which the task names what it reads; undefined from a plugin that reads them itself. */
  listSourceTexts(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<readonly SourceText[] | undefined>;
  /** The names of those texts, when there are some and the job has none of them. */
  listAbsentTexts(kind: PluginKind, name: string, request: ResolveRequest): Promise<readonly string[]>;
}
