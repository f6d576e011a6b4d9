import {
  type HttpAnswer,
  type HttpClient,
  type HttpGet,
  OptimusError,
  toErrorMessage,
} from '@optimus/domain';
import { readBody } from './read-body.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A client over Node's own `fetch`. It follows few redirects, and takes headers to no other host than they were meant for. */
export function createHttpClient(): HttpClient {
  return { get };
}

async function get(request: HttpGet): Promise<HttpAnswer> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
  const origin = new URL(request.url).origin;
  let url = new URL(request.url);
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const headers = url.origin === origin ? request.headers : {};
      const response = await fetch(url, { headers, redirect: 'manual', signal });
      const next = findNext(response, url);
      if (!next) return { status: response.status, body: await readBody(response, request.maxBodyBytes) };
      await response.body?.cancel();
      url = next;
    }
  } catch (thrown) {
    throw toUnreachable(request, thrown);
  }
  throw new OptimusError('SERVER_UNREACHABLE', { message: `redirects more than ${MOST_REDIRECTS} times` });
}

/** Where the answer leads; undefined when it is the last one. */
function findNext({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location');
  if (!REDIRECTS.has(status) || location === null || !URL.canParse(location, from.href)) return undefined;
  const next = new URL(location, from);
  return /^https?:$/.test(next.protocol) && next.username === '' && next.password === '' ? next : undefined;
}

function toUnreachable({ timeoutMs, signal }: HttpGet, thrown: unknown): OptimusError {
  if (thrown instanceof OptimusError) return thrown;
  const isTimeout = thrown instanceof DOMException && thrown.name === 'TimeoutError';
  const message = isTimeout ? `no answer within ${timeoutMs / 1000} s` : toReason(thrown);
  const code = signal.aborted ? 'SERVER_STOPPING' : 'SERVER_UNREACHABLE';
  return new OptimusError(code, { message, cause: thrown });
}

/** Of a failed `fetch` the cause says what happened, and of several addresses that were tried, the first one's. */
function toReason(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return toErrorMessage(first);
}
