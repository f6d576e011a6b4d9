import { Command, Option } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import type { FlagSpec, NounSpec, VerbSpec } from './command-spec.ts';
import { takesSelector } from './takes-selector.ts';

/** What a command works in. */
export interface CommandWorld {
  readonly terminal: Terminal;
  /** Called by a command that is done and has more to say than that. */
  readonly setExitCode: (exitCode: number) => void;
}

/** The command of a noun or a verb; a verb's module is loaded when it runs. */
export function buildCommand(spec: NounSpec | VerbSpec, world: CommandWorld): Command {
  return 'verbs' in spec ? buildNoun(spec, world) : buildVerb(spec, world);
}

function buildNoun(noun: NounSpec, world: CommandWorld): Command {
  const command = new Command(noun.name).description(noun.description);
  for (const verb of noun.verbs) command.addCommand(buildCommand(verb, world));
  return command;
}

function buildVerb(verb: VerbSpec, { terminal, setExitCode }: CommandWorld): Command {
  const command = new Command(verb.name).description(verb.description).aliases(verb.aliases ?? []);
  if (verb.arguments !== undefined) command.arguments(verb.arguments);
  for (const flag of verb.flags) command.addOption(toOption(flag));
  command.addHelpText('after', `\nExample:\n  ${verb.example}`);
  // More words than one are a selector.
  if (takesSelector(verb)) command.allowExcessArguments();
  return command.action(async () => {
    const [module, { readWords }] = await Promise.all([verb.load(), import('./read-words.ts')]);
    const exitCode = await module.run({ ...readWords(verb, command.args, command.opts()), terminal });
    if (typeof exitCode === 'number') setExitCode(exitCode);
  });
}

function toOption({ flags, description, isRepeatable, isHidden }: FlagSpec): Option {
  const option = new Option(flags, description).hideHelp(isHidden === true);
  return isRepeatable ? option.argParser(appendValue) : option;
}

function appendValue(value: string, previous: unknown): readonly string[] {
  return [...(Array.isArray(previous) ? previous.map(String) : []), value];
}
