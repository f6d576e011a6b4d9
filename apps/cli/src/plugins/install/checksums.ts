import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OptimusError } from '@optimus/domain';
import { createUsageError } from '../../command-line/usage-error.ts';

/** The file of sums that is published beside releases, in the form of `sha256sum`. */
export const CHECKSUMS_FILE = 'checksums.txt';

const SHA_256 = /^[\da-f]{64}$/i;

/** The sum of `--checksum sha256:<hex>`; the name of the method may be left out. @throws a usage error */
export function parseChecksumFlag(value: string): string {
  const sum = value.replace(/^sha256:/i, '');
  if (SHA_256.test(sum)) return sum.toLowerCase();
  throw createUsageError(
    'checksum',
    `is ${JSON.stringify(value)}, must be sha256: and 64 hexadecimal digits`,
  );
}

/** The sum of a file in a list such as `sha256sum` writes; undefined when it is not listed. */
export function findListedChecksum(list: string, fileName: string): string | undefined {
  const lines = list.split('\n').map((line) => /^([\da-f]{64})[ \t]+\*?(.+?)\s*$/i.exec(line));
  const found = lines.find((match) => match?.[2] !== undefined && path.posix.basename(match[2]) === fileName);
  return found?.[1]?.toLowerCase();
}

/** What a file is held against, and where that stands. */
export interface ExpectedChecksum {
  readonly sha256: string;
  /** For messages: `--checksum`, or the list that has it. */
  readonly source: string;
}

/** @throws OptimusError `PLUGIN_SOURCE_INVALID` with both sums */
export async function assertChecksum(
  file: string,
  expected: ExpectedChecksum,
  shownAs: string,
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual === expected.sha256) return;
  throw new OptimusError('PLUGIN_SOURCE_INVALID', {
    message: `${shownAs} has the SHA-256 ${actual}, but ${expected.source} says ${expected.sha256}; nothing was installed`,
    hint: 'fetch it again; if it stays, ask whoever published it',
    fields: { source: shownAs },
  });
}
