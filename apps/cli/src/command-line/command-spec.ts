import type { Terminal } from '../terminal/terminal.ts';
import type { Flags } from './flags.ts';

/** What a command is run with. */
export interface Invocation {
  /** Positional arguments, in order; absent optional ones are left out. */
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly terminal: Terminal;
}

/** The module of a command: loaded when the command is chosen, never before. */
export interface CommandModule {
  /** Runs the command; a command whose exit code says more than done or failed answers it. What goes wrong is thrown as an `OptimusError`. */
  run(invocation: Invocation): Promise<number | void>;
}

/** One flag as help shows it. */
export interface FlagSpec {
  /** In the command line's own notation: `-n, --namespace <name>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times. */
  readonly isRepeatable?: true;
  readonly isHidden?: true;
}

/** A command that does something. */
export interface VerbSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** In the command line's own notation: `<name> [value]`. */
  readonly arguments?: string;
  readonly description: string;
  readonly flags: readonly FlagSpec[];
  /** One command line as a user would type it. */
  readonly example: string;
  readonly load: () => Promise<CommandModule>;
}

/** A noun and what can be done with it. */
export interface NounSpec {
  readonly name: string;
  readonly description: string;
  /** What can be done; a noun among them has verbs of its own. */
  readonly verbs: readonly (VerbSpec | NounSpec)[];
}

/** A noun or a verb of the first level, known by name until it is chosen. */
export interface RootEntry {
  readonly name: string;
  readonly description: string;
  readonly isHidden?: boolean;
  readonly load: () => Promise<NounSpec | VerbSpec>;
}
