import type { Command } from 'commander';

/**
 * `optimus help job runs` as `optimus job runs --help`: the argument parser's own help command knows one level only.
 * Names that are no command are left to be refused, with the one that was meant.
 */
export function toHelpRequest(argv: readonly string[], program: Command): readonly string[] {
  const [word, ...names] = argv.filter((argument) => !argument.startsWith('-'));
  if (word !== 'help') return argv;
  return areCommands(program, names) ? [...names, '--help'] : names;
}

function areCommands(parent: Command, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined || parent.commands.length === 0) return true;
  const child = parent.commands.find((command) => [command.name(), ...command.aliases()].includes(name));
  return child !== undefined && areCommands(child, rest);
}
