import type { ConfigKey } from './config-keys.ts';

/** A value, and where it was given: `file:line:column`, or the name of a variable. */
export interface GivenValue {
  readonly key: ConfigKey;
  readonly value: unknown;
  readonly place: string;
}

/** What is wrong, and where. */
export interface ConfigProblem {
  readonly place: string;
  readonly message: string;
}

/** What one source of configuration gives. */
export interface ConfigSource {
  readonly values: readonly GivenValue[];
  readonly problems: readonly ConfigProblem[];
}
