import { stopCode } from './child.mjs';

/** An expected failure of the tool chain: its message is the whole story, so no stack is shown. */
export class ToolFailure extends Error {}

/**
 * What fails after Ctrl-C fails because of it, and must not be called broken.
 *
 * @param {string} doing what was going on, as in "installing dependencies"
 * @throws {ToolFailure} when a signal has asked this process to stop
 */
export function assertNotStopped(doing) {
  if (stopCode() !== undefined)
    throw new ToolFailure(`Stopped while ${doing}; run the command again to go on.`);
}

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
