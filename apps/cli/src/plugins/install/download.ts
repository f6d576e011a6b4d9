import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OptimusError, toErrorMessage } from '@optimus/domain';

/** How far a download may go. */
export interface DownloadLimits {
  readonly maxBytes: number;
  /** The longest silence: until the answer begins, and between two pieces of it. */
  readonly idleMs: number;
}

const defaultDownloadLimits: DownloadLimits = { maxBytes: 512 * 1024 * 1024, idleMs: 30_000 };

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** A download that waits no longer than it may; each piece that comes gives it the time anew. */
class IdleWatch {
  readonly #abort = new AbortController();
  readonly #idleMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#abort.abort(), this.#idleMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Fetches a file into `target`, which must not exist. Redirects are followed, but never from https to http. False when
 * there is no such file (404).
 * @throws OptimusError `DOWNLOAD_FAILED`
 */
export async function download(url: URL, target: string, limits = defaultDownloadLimits): Promise<boolean> {
  const watch = new IdleWatch(limits.idleMs);
  try {
    const response = await fetchFollowing(url, watch.signal);
    if (response.status === 404 || response.body === null) return false;
    const bound = createBound(url, limits.maxBytes, watch);
    await pipeline(Readable.fromWeb(response.body), bound, createWriteStream(target, { flags: 'wx' }));
    return true;
  } catch (cause) {
    if (cause instanceof OptimusError) throw cause;
    const silence = `nothing came for ${limits.idleMs / 1000} s`;
    throw createFailure(url, watch.signal.aborted ? silence : describeCause(cause), cause);
  } finally {
    watch.end();
  }
}

async function fetchFollowing(first: URL, signal: AbortSignal): Promise<Response> {
  let url = first;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await fetch(url, { redirect: 'manual', signal });
    const next = findNext(response, url);
    if (next === undefined) return checkStatus(response, url);
    await response.body?.cancel();
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw createFailure(first, `it leads from https to ${showUrl(next)}`);
    url = next;
  }
  throw createFailure(first, `it is redirected more than ${mostRedirects} times`);
}

function findNext(response: Response, url: URL): URL | undefined {
  const location = response.headers.get('location');
  if (!redirects.has(response.status) || location === null) return undefined;
  const next = URL.parse(location, url.href);
  if (next !== null && (next.protocol === 'https:' || next.protocol === 'http:')) return next;
  throw createFailure(url, `it leads to an address that cannot be fetched`);
}

function checkStatus(response: Response, url: URL): Response {
  if (response.ok || response.status === 404) return response;
  throw createFailure(url, `the answer was ${response.status} ${response.statusText}`.trimEnd());
}

function createBound(url: URL, maxBytes: number, watch: IdleWatch): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      watch.restart();
      bytes += chunk.byteLength;
      const limit = `it is larger than ${maxBytes / 1024 / 1024} MiB`;
      done(bytes > maxBytes ? createFailure(url, limit) : null, chunk);
    },
  });
}

/** Node says "fetch failed", and only the cause says why. */
function describeCause(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return toErrorMessage(cause ?? thrown);
}

function createFailure(url: URL, problem: string, cause?: unknown): OptimusError {
  return new OptimusError('DOWNLOAD_FAILED', {
    message: `${showUrl(url)} cannot be fetched: ${problem}`,
    fields: { url: showUrl(url) },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Without what a URL may hold of a secret: the user and password, and the query with its tokens. */
export function showUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
