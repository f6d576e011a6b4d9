import { copyFile, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { CHECKSUMS_FILE, type ExpectedChecksum, findListedChecksum } from './checksums.ts';
import { download, showUrl } from './download.ts';

/** What is asked for, and how much of it is taken on trust. */
export interface SourceRequest {
  /** Path, or address beginning with `http://` or `https://`. */
  readonly source: string;
  readonly cwd: string;
  /** SHA-256 in hexadecimal that the user gave. */
  readonly checksum: string | undefined;
  /** Takes what nothing vouches for. */
  readonly isInsecure: boolean;
  readonly note: (line: string) => void;
}

/** The source as a file of ours, and what it must be. */
export interface ObtainedSource {
  readonly file: string;
  /** The name that its publisher gave it. */
  readonly fileName: string;
  /** For messages, without secrets. */
  readonly shownAs: string;
  readonly expected: ExpectedChecksum | undefined;
}

/**
 * Brings the source into a folder of ours, so that what is checked is what is used.
 * @throws OptimusError `PLUGIN_SOURCE_INVALID`, `DOWNLOAD_FAILED`
 */
export async function obtainSource(request: SourceRequest, folder: string): Promise<ObtainedSource> {
  return /^https?:\/\//i.test(request.source) ? fetchSource(request, folder) : copySource(request, folder);
}

async function copySource(request: SourceRequest, folder: string): Promise<ObtainedSource> {
  const original = path.resolve(request.cwd, request.source);
  const stats = await stat(original).catch(() => undefined);
  if (stats === undefined) throw createSourceError(request.source, 'is not there');
  if (!stats.isFile())
    throw createSourceError(request.source, 'is not a file; name the program or the archive');
  const fileName = path.basename(original);
  const file = path.join(folder, fileName);
  await copyFile(original, file);
  return { file, fileName, shownAs: original, expected: await findLocalChecksum(original, request) };
}

async function findLocalChecksum(
  file: string,
  { checksum }: SourceRequest,
): Promise<ExpectedChecksum | undefined> {
  if (checksum !== undefined) return { sha256: checksum, source: '--checksum' };
  const listFile = path.join(path.dirname(file), CHECKSUMS_FILE);
  const list = await readFile(listFile, 'utf8').catch(() => '');
  const sha256 = findListedChecksum(list, path.basename(file));
  return sha256 === undefined ? undefined : { sha256, source: listFile };
}

async function fetchSource(request: SourceRequest, folder: string): Promise<ObtainedSource> {
  const url = parseUrl(request.source);
  const fileName = decodeURIComponent(path.posix.basename(url.pathname));
  const shownAs = showUrl(url);
  if (!/^[\w][\w.+-]*$/.test(fileName))
    throw createSourceError(shownAs, 'does not end with the name of a file');
  const expected = await findPublishedChecksum(url, fileName, { request, folder });
  if (expected === undefined) acceptUnchecked(url, request);
  const file = path.join(folder, fileName);
  if (await download(url, file)) return { file, fileName, shownAs, expected };
  throw createSourceError(shownAs, 'is not there (404)');
}

/** An address with a password would end up in the history of shells, and in messages of libraries. */
function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw createSourceError(JSON.stringify(text), 'is not an address');
  if (url.username === '' && url.password === '') return url;
  throw createSourceError(showUrl(url), 'has a user or password in its address, which is not supported', {
    hint: 'fetch it with a program that knows how to log in, and install the file',
  });
}

async function findPublishedChecksum(
  url: URL,
  fileName: string,
  { request, folder }: { readonly request: SourceRequest; readonly folder: string },
): Promise<ExpectedChecksum | undefined> {
  if (request.checksum !== undefined) return { sha256: request.checksum, source: '--checksum' };
  const listUrl = new URL(CHECKSUMS_FILE, url);
  const listFile = path.join(folder, '.checksums');
  const isThere = await download(listUrl, listFile, { maxBytes: 1024 * 1024, idleMs: 30_000 }).catch(
    (error) => {
      if (request.isInsecure) return false;
      throw error;
    },
  );
  if (!isThere) return undefined;
  const sha256 = findListedChecksum(await readFile(listFile, 'utf8'), fileName);
  if (sha256 !== undefined) return { sha256, source: showUrl(listUrl) };
  if (request.isInsecure) return undefined;
  throw createSourceError(showUrl(url), `is not listed in ${showUrl(listUrl)}`, { hint: trustHint });
}

const trustHint = 'give its sum with --checksum sha256:<hex>, or accept it as it comes with --insecure';

/** https tells at least who sent it; plain http tells nothing. */
function acceptUnchecked(url: URL, { isInsecure, note }: SourceRequest): void {
  const problem = `has no ${CHECKSUMS_FILE} beside it`;
  if (url.protocol === 'http:' && !isInsecure)
    throw createSourceError(showUrl(url), `${problem}, and http does not tell who sent it`, {
      hint: trustHint,
    });
  note(`${showUrl(url)} ${problem}: it is taken as it comes`);
}

/** What cannot be installed, by its place. */
export function createSourceError(
  shownAs: string,
  problem: string,
  detail: { readonly hint?: string } = {},
): OptimusError {
  return new OptimusError('PLUGIN_SOURCE_INVALID', {
    message: `${shownAs} ${problem}; nothing was installed`,
    fields: { source: shownAs },
    ...detail,
  });
}
