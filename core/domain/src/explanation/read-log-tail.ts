import { OptimusError } from '../error/optimus-error.ts';
import type { LogStore } from '../ports/executor.ts';

const TAIL_BYTES = 4096;
const TAIL_LINES = 10;
/** Longer lines are cut: a sentence, not a document, is to be read. */
const LINE_CHARACTERS = 300;

/** The last lines of an attempt's log, as it was kept: secrets are masked in it. Undefined when this server has no such log. */
export async function readLogTail(
  logs: Pick<LogStore, 'readTail'>,
  attemptId: string | undefined,
): Promise<{ readonly attemptId: string; readonly lines: readonly string[] } | undefined> {
  if (attemptId === undefined) return undefined;
  try {
    return { attemptId, lines: toLastLines(await logs.readTail(attemptId, TAIL_BYTES)) };
  } catch (thrown) {
    // The log lies on the host that ran the attempt, for as long as logs are kept.
    if (thrown instanceof OptimusError && thrown.code === 'LOG_NOT_FOUND') return undefined;
    throw thrown;
  }
}

function toLastLines(tail: Uint8Array): readonly string[] {
  const lines = new TextDecoder().decode(tail).trimEnd().split('\n');
  // What a full tail begins with is a part of a line.
  const whole = tail.length === TAIL_BYTES && lines.length > 1 ? lines.slice(1) : lines;
  return whole.slice(-TAIL_LINES).flatMap((line) => (line === '' ? [] : toPrintable(line)));
}

/** Control characters would act on the reader's terminal. */
function toPrintable(line: string): string {
  const printable = line.replaceAll(/\p{Cc}/gu, ' ').trimEnd();
  return printable.length > LINE_CHARACTERS ? `${printable.slice(0, LINE_CHARACTERS)}…` : printable;
}
