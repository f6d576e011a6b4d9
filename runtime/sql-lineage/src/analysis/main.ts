import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { LineageInput } from '@optimus/domain';
import { computeJobLineage } from '@optimus/resolver';
import { PolyglotAnalyzer } from '../polyglot-analyzer.ts';

// The program that analyses SQL, apart from the server: a statement that keeps the parser busy for ever, or eats all the memory that
// the process may have, ends here. The analysis runs in a thread, so that the process hears when its server is gone, and goes too.

if (isMainThread) superviseThread();
else runThread();

function superviseThread(): void {
  const [, program = ''] = process.argv;
  const thread = new Worker(program);
  const end = (): void => void process.kill(process.pid, 'SIGKILL');
  process.once('disconnect', end);
  thread.once('error', end).once('exit', end);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows do
  process.on('message', (input) => thread.postMessage(input));
  thread.on('message', (lineage) => process.send?.(lineage));
}

function runThread(): void {
  const analyzer = new PolyglotAnalyzer();
  parentPort?.on('message', (input: LineageInput) => void answer(input, analyzer));
}

async function answer(input: LineageInput, analyzer: PolyglotAnalyzer): Promise<void> {
  const lineage = await computeJobLineage(input, analyzer);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows do
  parentPort?.postMessage(lineage);
}
