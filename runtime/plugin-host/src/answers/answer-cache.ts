import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Log, toErrorMessage } from '@optimus/domain';
import { type PluginInfoResponse, PluginInfoResponseSchema } from '@optimus/proto/plugins';
import { readMark } from '../discovery/file-version.ts';
import { isSelfContained } from '../vetting/self-contained.ts';

/** What a file was when its program was asked. */
export interface AskedFile {
  /** Path, which may be that of a link. */
  readonly file: string;
  /** Of what the path leads to. */
  readonly mark: string;
}

/** Raised when the layout of a record changes: those of another format are not read. */
const format = 1;

/**
 * A file changed twice within one tick of the file system's clock looks like one that was changed once, so what is
 * younger than a tick is not remembered. Ticks are 10 ms at most, or whole seconds where stamps have no fraction.
 */
const tickMs = 50;
const coarseTickMs = 2000;

/**
 * What programs have said of themselves, kept on disk as they said it, so that a host need not start a program to know
 * it. Only of programs that are no more than their file, and only as long as that is the same.
 *
 * Whatever is wrong with it costs a start of the program, and nothing else: what cannot be read was never written, and
 * what cannot be written is a line of the log.
 */
export class AnswerCache {
  readonly #directory: string;
  readonly #log: Log;

  /** The directory is made with the first answer. */
  constructor(directory: string, log: Log) {
    this.#directory = directory;
    this.#log = log;
  }

  /** The state of a file, to be noted before its program is asked. */
  note(named: string): AskedFile {
    const file = path.resolve(named);
    return { file, mark: readMark(file) };
  }

  find(file: string): PluginInfoResponse | undefined {
    try {
      const record: unknown = JSON.parse(readFileSync(this.#toPath(file), 'utf8'));
      const answer = readAnswer(record, this.note(file));
      return answer && isSelfContained(file) ? fromBinary(PluginInfoResponseSchema, answer) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps the answer, unless the file is no longer the one that was asked, or might become another unnoticed. */
  keep(asked: AskedFile, answer: PluginInfoResponse): void {
    try {
      if (!isSelfContained(asked.file) || isFresh(asked.file) || readMark(asked.file) !== asked.mark) return;
      const bytes = Buffer.from(toBinary(PluginInfoResponseSchema, answer)).toString('base64');
      this.#write(asked.file, { format, ...asked, answer: bytes, sum: toSum(asked, bytes) });
    } catch (error) {
      this.#log.debug('what the plugin says of itself cannot be kept', { reason: toErrorMessage(error) });
    }
  }

  /** For a program that no longer starts: the next host is to say so at once. */
  forget(file: string): void {
    try {
      rmSync(this.#toPath(file), { force: true });
    } catch (error) {
      this.#log.debug('what the plugin says of itself cannot be forgotten', {
        reason: toErrorMessage(error),
      });
    }
  }

  /** Written whole and then renamed: whoever reads meanwhile finds the old record or the new one. */
  #write(file: string, record: object): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const target = this.#toPath(file);
    const temporary = `${target}.${randomUUID()}`;
    writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
    renameSync(temporary, target);
  }

  #toPath(file: string): string {
    return path.join(this.#directory, `${hash(path.resolve(file)).slice(0, 32)}.json`);
  }
}

function readAnswer(record: unknown, now: AskedFile): Buffer | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { format: found, answer, sum }: Record<string, unknown> = { ...record };
  if (found !== format || typeof answer !== 'string' || sum !== toSum(now, answer)) return undefined;
  return Buffer.from(answer, 'base64');
}

/** Over file, mark and answer: a record that was damaged, or is of another file, does not fit. */
function toSum({ file, mark }: AskedFile, answer: string): string {
  return hash(JSON.stringify([file, mark, answer]));
}

function isFresh(file: string): boolean {
  const { ctimeNs } = statSync(file, { bigint: true });
  const isCoarse = ctimeNs % 1_000_000_000n === 0n;
  return Date.now() - Number(ctimeNs / 1_000_000n) < (isCoarse ? coarseTickMs : tickMs);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
