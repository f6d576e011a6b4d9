import { runProgram } from './program.ts';
import { createTerminal } from './terminal/terminal.ts';

process.exitCode = await runProgram(process.argv.slice(2), createTerminal(process));
