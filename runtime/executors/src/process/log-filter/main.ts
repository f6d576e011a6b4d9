import { existsSync, readFileSync, renameSync, watch } from 'node:fs';
import { join } from 'node:path';
import { SecretPatterns, StreamMask } from '@optimus/domain/masking';
import { BoundedLog, toNote } from './bounded-log.ts';
import { skipTornLine } from './torn-line.ts';

// The program between a task and its log: standard input is the task's output, standard output the log. See DESIGN.md of the
// executor; by descriptor 3 it learns what to mask. It starts with each task that has secrets, so it imports next to nothing.

const [folder = '', limit = ''] = process.argv.slice(2);
const log = new BoundedLog(1, Number(limit));
// The one before was killed: what it had read and not written is lost, and a secret may lie across the place.
const isResumed = process.env['OPTIMUS_LOG_RESUMED'] === '1';
const mask = new StreamMask(new SecretPatterns(JSON.parse(readFileSync(3, 'utf8'))));
const take = isResumed ? skipTornLine() : (chunk: Uint8Array) => chunk;
if (isResumed)
  log.write(Buffer.from(toNote('some of the output was lost: the process that masks secrets was killed')));

let hasNews = false;
process.stdin.on('data', (chunk: Buffer) => {
  hasNews = true;
  const shown = mask.write(take(chunk));
  if (shown.length > 0) log.write(shown);
});
process.stdin.once('end', finish).once('error', finish);

// Whatever left the task's group holds the output open after the task has ended: the log ends with the task all the same.
let isEnding = false;
try {
  watch(folder, { persistent: false }, lookForEnd).on('error', () => undefined);
} catch {
  // Without a free watch of the system, the timer finds the end.
}
setInterval(lookForEnd, 2000).unref();
lookForEnd();

function lookForEnd(): void {
  if (isEnding || (existsSync(folder) && !existsSync(join(folder, 'code')))) return;
  isEnding = true;
  awaitSilence();
}

/** What the task wrote before its end is in the pipe by now: it has all come once nothing comes any more. */
function awaitSilence(): void {
  hasNews = false;
  setTimeout(() => (hasNews ? awaitSilence() : finish()), 100);
}

function finish(): never {
  log.write(mask.end('cut'));
  log.end();
  try {
    renameSync(join(folder, 'code'), join(folder, 'exit'));
  } catch {
    // The supervisor was killed, or the attempt is cleared away already: there is nothing to tell.
  }
  process.exit(0);
}
