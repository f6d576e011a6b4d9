import { Command, CommanderError } from 'commander';
import { buildCommand, type CommandWorld } from './command-line/build-command.ts';
import type { RootEntry } from './command-line/command-spec.ts';
import { styleUsageError } from './command-line/style-usage-error.ts';
import { toHelpRequest } from './command-line/to-help-request.ts';
import { listRootEntries } from './commands/root-entries.ts';
import { type Terminal, turnColoursOff } from './terminal/terminal.ts';
import { CLI_VERSION } from './version.ts';

/**
 * Runs one command line and answers its exit code: 0 done, 1 failed, 2 called wrongly (of `plan`: changes), 130 cancelled.
 *
 * Only the chosen noun's commands are declared, and only the chosen command's module is loaded: a command costs what it uses.
 */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv.includes('--no-color')) turnColoursOff(process.env);
  try {
    let exitCode = 0;
    const program = await buildProgram(argv, { terminal, setExitCode: (code) => (exitCode = code) });
    await program.parseAsync(toHelpRequest(argv, program), { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return toUsageExitCode(thrown);
    const { reportFailure } = await import('./output/report-failure.ts');
    return reportFailure(thrown, terminal);
  }
}

async function buildProgram(argv: readonly string[], world: CommandWorld): Promise<Command> {
  const program = new Command('optimus')
    .description('Orchestrates data transformations: specifications in git, runs on the server.')
    .option('--no-color', 'print without colours')
    .addHelpText('after', '\nHelp on a command:\n  optimus job create --help');
  const chosen = findChosenName(argv);
  // After a command it would be taken for that command's own: `job rollback orders --version 1` must not look done.
  if (chosen === undefined) program.version(CLI_VERSION, '--version', 'print the version');
  for (const entry of listRootEntries(world.terminal.env)) {
    const command = entry.name === chosen ? await loadEntry(entry, world) : toStub(entry);
    program.addCommand(command, entry.isHidden ? { hidden: true } : {});
  }
  return applyToAll(program, (command) =>
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(styleUsageError(text, command === program ? 'root' : 'command')),
    }),
  );
}

function findChosenName(argv: readonly string[]): string | undefined {
  const names = argv.filter((argument) => !argument.startsWith('-'));
  return names[0] === 'help' ? names[1] : names[0];
}

async function loadEntry(entry: RootEntry, world: CommandWorld): Promise<Command> {
  return buildCommand(await entry.load(), world);
}

function toStub({ name, description }: RootEntry): Command {
  return new Command(name).description(description);
}

function applyToAll(command: Command, apply: (command: Command) => unknown): Command {
  apply(command);
  for (const child of command.commands) applyToAll(child, apply);
  return command;
}

/** Help that was asked for is a success; help shown because a verb is missing is not. */
function toUsageExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}
