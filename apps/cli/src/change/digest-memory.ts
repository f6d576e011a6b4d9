import { createHash } from 'node:crypto';
import path from 'node:path';
import { readRemembered, writeRemembered } from '../memory/remembered-file.ts';
import { findCacheFolder } from '../spec/find-memory-options.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { StoredJob } from './compare-jobs.ts';

/** The jobs of a project at one revision. */
export interface StoredRevision {
  readonly revision: string;
  readonly jobs: readonly StoredJob[];
}

/** The memory of a project on a server; none for the command from its sources. */
export function findDigestMemory(
  { env }: Pick<Terminal, 'env'>,
  place: { readonly server: string; readonly project: string },
): DigestMemory | undefined {
  const cache = findCacheFolder(env);
  return cache === undefined ? undefined : new DigestMemory(path.join(cache, 'digests'), place);
}

/** What a server was last seen to have of a project, so that it need not be told again while nobody changes it. */
export class DigestMemory {
  readonly #file: string;

  /** @param folder absolute; made when it is not there */
  constructor(folder: string, { server, project }: { readonly server: string; readonly project: string }) {
    const name = createHash('sha256')
      .update(JSON.stringify([server, project]))
      .digest('hex')
      .slice(0, 32);
    this.#file = path.join(folder, name);
  }

  /** What was kept last; undefined when that was nothing, or is damaged. */
  find(): StoredRevision | undefined {
    const [revision, ...lines] = readRemembered(this.#file).lines;
    if (revision === undefined || revision === '') return undefined;
    return { revision, jobs: lines.map(toJob) };
  }

  keep({ revision, jobs }: StoredRevision): void {
    const lines = jobs.map(({ namespace, name, contentHash }) => `${namespace}\t${name}\t${contentHash}`);
    writeRemembered(this.#file, { lines: [revision, ...lines], numbers: [] });
  }
}

function toJob(line: string): StoredJob {
  const [namespace = '', name = '', contentHash = ''] = line.split('\t');
  return { namespace, name, contentHash };
}
