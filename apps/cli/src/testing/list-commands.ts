import type { NounSpec, VerbSpec } from '../command-line/command-spec.ts';
import { listRootEntries } from '../commands/root-entries.ts';

/** A command with the words that call it. */
export interface ListedCommand {
  /** `job create`. */
  readonly words: string;
  readonly spec: VerbSpec;
}

/** Every command, with all declarations loaded: for documents and tests. */
export async function listCommands(): Promise<readonly ListedCommand[]> {
  const specs = await Promise.all(listRootEntries({}).map(({ load }) => load()));
  return specs.flatMap((spec) => listBelow(spec, ''));
}

function listBelow(spec: NounSpec | VerbSpec, before: string): readonly ListedCommand[] {
  const words = `${before} ${spec.name}`.trim();
  return 'verbs' in spec ? spec.verbs.flatMap((verb) => listBelow(verb, words)) : [{ words, spec }];
}
