import { CLI_VERSION } from './version.ts';

const argv = process.argv.slice(2);

// The quickest sign of life is asked for by scripts all the time, and loading the argument parser would double its cost.
if (argv.length === 1 && argv[0] === 'version') process.stdout.write(`Client: ${CLI_VERSION}\n`);
else process.exitCode = await runCommandLine();

async function runCommandLine(): Promise<number> {
  const [{ runProgram }, { createTerminal }] = await Promise.all([
    import('./program.ts'),
    import('./terminal/terminal.ts'),
  ]);
  return runProgram(argv, createTerminal(process));
}
