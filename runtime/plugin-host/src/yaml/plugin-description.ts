import type { NamedValue, PluginInfo, PluginQuestion } from '@optimus/domain';

/** What an answer must be like. */
export interface AnswerRules {
  readonly required: boolean;
  readonly pattern: RegExp | undefined;
  readonly minLength: number;
  readonly maxLength: number | undefined;
  /** Said instead of our own words when an answer breaks a rule; may be empty. */
  readonly problem: string;
}

/** Where a task names what it reads: an asset, one value of it, or a key of its configuration. */
export interface AssetSource {
  readonly parser: string;
  readonly file: string | undefined;
  /** Path within a YAML or JSON file. */
  readonly selector: string | undefined;
  readonly configKey: string | undefined;
}

/** Everything that a YAML file says of a plugin. */
export interface PluginDescription {
  /** One for each kind it may be used as. */
  readonly infos: ReadonlyArray<PluginInfo>;
  /** It counts on a program of its name to resolve dependencies. */
  readonly needsProgram: boolean;
  readonly questions: ReadonlyArray<PluginQuestion>;
  readonly rules: ReadonlyMap<string, AnswerRules>;
  readonly defaultConfig: ReadonlyArray<NamedValue>;
  readonly defaultAssets: ReadonlyArray<NamedValue>;
  /** URN with `<KEY>` where a value of the job's configuration belongs. */
  readonly destinationTemplate: string | undefined;
  readonly assetSources: ReadonlyArray<AssetSource>;
}
