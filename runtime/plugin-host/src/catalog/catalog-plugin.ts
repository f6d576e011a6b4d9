import type {
  CompileAssetsRequest,
  NamedValue,
  PluginAnswer,
  PluginInfo,
  PluginQuestion,
  ResolveRequest,
  SourceText,
} from '@optimus/domain';
import type { DiscoveredPlugin } from '../discovery/discover-plugins.ts';

/** A plugin as the catalog knows it, whether a program or a file. */
export interface CatalogPlugin {
  readonly file: DiscoveredPlugin;
  /** Paths of the files it was made from: the program, the file that describes it. */
  readonly madeFrom: ReadonlyArray<string>;
  /** What it says of itself, once for each kind it may be used as. @throws OptimusError `PLUGIN_UNUSABLE` */
  listInfos(): Promise<ReadonlyArray<PluginInfo>>;
  getQuestions(jobName: string): Promise<ReadonlyArray<PluginQuestion>>;
  findAnswerProblem(answer: PluginAnswer): Promise<string | undefined>;
  getDefaultConfig(answers: ReadonlyArray<PluginAnswer>): Promise<ReadonlyArray<NamedValue>>;
  getDefaultAssets(answers: ReadonlyArray<PluginAnswer>): Promise<ReadonlyArray<NamedValue>>;
  compileAssets(request: CompileAssetsRequest): Promise<ReadonlyArray<NamedValue>>;
  findDestination(request: ResolveRequest): Promise<string | undefined>;
  listDependencies(request: ResolveRequest): Promise<ReadonlyArray<string>>;
  /** Undefined when it does not say which they are. */
  listSourceTexts(request: ResolveRequest): Promise<ReadonlyArray<SourceText> | undefined>;
  /** The names of those texts, when there are some and the job has none of them. */
  listAbsentTexts(request: ResolveRequest): Promise<ReadonlyArray<string>>;
  /** Whether the files it was made from are as they were. */
  isCurrent(): boolean;
  /** Lets calls in flight end, then stops. */
  retire(): Promise<void>;
  /** Safe to call twice. */
  stop(): Promise<void>;
}
