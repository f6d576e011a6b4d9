import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toLogPath } from '../process/attempt-folder.ts';

const RECORD = /^(?<attemptId>[\w-]{1,100})\.json$/;

/**
 * What a server keeps of an attempt besides its container, on its own disk:
 *
 * ```text
 * <dataDir>/containers/<attemptId>.json   the values to mask in its output, 0600, until its end is recorded
 * <dataDir>/logs/<attemptId>.log          what it wrote; it stays
 * ```
 */
export class AttemptRecord {
  readonly logPath: string;
  readonly #path: string;

  constructor(dataDir: string, attemptId: string) {
    this.logPath = toLogPath(dataDir, attemptId);
    this.#path = join(toRecordsPath(dataDir), `${attemptId}.json`);
  }

  /** Creates the record and the log; false when the attempt has a log, so was begun before. */
  async create(secrets: readonly string[]): Promise<boolean> {
    try {
      await writeFile(this.logPath, '', { mode: 0o600, flag: 'wx' });
    } catch (thrown) {
      if (hasCode(thrown, 'EEXIST')) return false;
      throw thrown;
    }
    await writeFile(this.#path, JSON.stringify(secrets), { mode: 0o600 });
    return true;
  }

  /** The values to mask. Undefined when there is no record, or none that was written to its end. */
  async readSecrets(): Promise<readonly string[] | undefined> {
    try {
      const secrets: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
      return Array.isArray(secrets) ? secrets.map(String) : undefined;
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT') || thrown instanceof SyntaxError) return undefined;
      throw thrown;
    }
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

/** Creates the folders of a data directory. */
export async function createRecordFolders(dataDir: string): Promise<void> {
  await mkdir(toRecordsPath(dataDir), { recursive: true, mode: 0o700 });
  await mkdir(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
}

/** Ids of the attempts that have a record. What else lies there is none of ours. */
export async function listRecordedIds(dataDir: string): Promise<readonly string[]> {
  const names = await readdir(toRecordsPath(dataDir));
  return names.flatMap((name) => RECORD.exec(name)?.groups?.['attemptId'] ?? []);
}

function toRecordsPath(dataDir: string): string {
  return join(dataDir, 'containers');
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
