import { OptimusError } from '@optimus/domain';
import { ChildProcesses } from './demo/child-processes.ts';
import { DemoFailure } from './demo/demo-failure.ts';
import { findDemoHome } from './demo/demo-home.ts';
import { demoHelp, parseDemoOptions } from './demo/demo-options.ts';
import { endTasks } from './demo/end-tasks.ts';
import { stopKept } from './demo/kept-demo.ts';
import { runDemo } from './demo/run-demo.ts';
import { createTerminal } from './demo/terminal.ts';

const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const children = new ChildProcesses();
const home = findDemoHome(process.env);
const stopping = new AbortController();
for (const [signal, code] of Object.entries(stopSignals)) process.on(signal, () => stop(code));

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseDemoOptions(process.argv.slice(2));
    if (options.help) return say(demoHelp);
    if (options.stop) return say((await stopKept(home)) ? 'The demo is stopped.\n' : 'No demo is up.\n');
    const terminal = createTerminal(process.stdout);
    await runDemo({ children, terminal, home, env: process.env }, options, stopping.signal);
    return 0;
  } catch (thrown) {
    return toExitCode(thrown);
  } finally {
    await cleanUp();
  }
}

/** What runs is ended at once: a step may be waiting for just that. */
function stop(code: number): void {
  stopping.abort(code);
  void children.stop();
}

/** With `--keep` nothing is ended here. A demo that never began must not end the tasks of one that is kept. */
async function cleanUp(): Promise<void> {
  if (!children.hasStarted) return;
  await children.stop();
  await endTasks(home.dataDir);
  if (stopping.signal.aborted) process.stdout.write('\nStopped: nothing of the demo runs any more.\n');
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Whatever fails while the demo is being stopped fails because of that. */
function toExitCode(thrown: unknown): number {
  if (stopping.signal.aborted) return Number(stopping.signal.reason);
  if (!(thrown instanceof DemoFailure || thrown instanceof OptimusError)) throw thrown;
  process.stderr.write(`\nError: ${thrown.message}\n`);
  return 1;
}
