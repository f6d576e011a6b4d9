/** What a plugin adapts. */
export type PluginKind = 'task' | 'hook';

/** When a hook runs, relative to the task. */
export type HookType = 'pre' | 'post' | 'fail';

/** Optional capabilities of a plugin. */
export type PluginMod = 'cli' | 'dependencyresolver';

/** What a plugin says of itself. */
export interface PluginInfo {
  readonly name: string;
  readonly kind: PluginKind;
  readonly description: string;
  readonly version: string;
  readonly mods: readonly PluginMod[];
  /** The image that does the work, with its tag. */
  readonly image: string;
  readonly hookType: HookType | undefined;
  /** Hooks that must end before this one starts. */
  readonly dependsOn: readonly string[];
  /** Where the image expects a secret file; empty when it expects none. */
  readonly secretPath: string;
  /** What the image is to run, from plugins described by a file; absent: the image's own entry point. */
  readonly entrypoint?: { readonly shell: string; readonly script: string };
}

/** A question that a plugin asks the author of a job. */
export interface PluginQuestion {
  readonly name: string;
  readonly prompt: string;
  readonly help: string;
  readonly default: string;
  /** When not empty: the answers to choose one from. */
  readonly choices: readonly string[];
  readonly subQuestions: readonly {
    readonly ifValue: string;
    readonly questions: readonly PluginQuestion[];
  }[];
}

/** An answered question. */
export interface PluginAnswer {
  readonly question: PluginQuestion;
  readonly value: string;
}

/** A name and its value; order is the plugin's. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** A plugin that was found, usable or not. */
export type PluginEntry =
  | {
      readonly state: 'ready';
      readonly path: string;
      readonly info: PluginInfo;
      readonly shadows: readonly string[];
    }
  | {
      readonly state: 'failed';
      readonly path: string;
      readonly reason: string;
      readonly shadows: readonly string[];
    };
