import { stopCode } from './child.mjs';

/** An expected failure of the tool chain: its message is the whole story, so no stack is shown. */
export class ToolFailure extends Error {}

/**
 * Runs a script's entry point: prints an expected failure as one message and sets the exit code.
 *
 * @param {() => Promise<number>} main resolves to the process's exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = stopCode() ?? 1;
  }
}
