import { setTimeout as delay } from 'node:timers/promises';
import { followRedirect, isRedirect } from './redirect.mjs';

const mostRedirects = 10;
const longestPauseMs = 60_000;
/** What may be otherwise a moment later. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Makes the call, again when it failed in a way that may pass. Resolves to the expected answer, `{status, tookMs, text}`;
 * `onRetry` is told, in one sentence each, why there is another try.
 */
export async function callPatiently(settings, onRetry) {
  const { retries, delayMs } = settings;
  for (let failed = 0; ; failed += 1) {
    const outcome = await tryOnce(settings);
    if (outcome.answer) return outcome.answer;
    if (!outcome.mayPass || failed === retries) throw new Error(describeEnd(outcome.problem, failed));
    const pauseMs = Math.min(Math.max(delayMs * 2 ** failed, outcome.retryAfterMs ?? 0), longestPauseMs);
    onRetry(`${outcome.problem}; trying again in ${pauseMs / 1000} s (${failed + 1} of ${retries})`);
    await delay(pauseMs);
  }
}

function describeEnd(problem, failed) {
  return failed === 0 ? problem : `${problem}, also after ${failed} more ${failed === 1 ? 'try' : 'tries'}`;
}

async function tryOnce({ request, expected, timeoutMs, showsResponse }) {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = await send(request, expected, signal).catch((error) => ({ error }));
  if (sent.error) return toOutcome(sent.error, request, timeoutMs);
  const { response } = sent;
  const text = await readAnswer(response, showsResponse);
  if (expected.includes(response.status)) {
    return { answer: { status: response.status, tookMs: Math.round(performance.now() - startedAt), text } };
  }
  const body = text === '' ? '' : `: ${text}`;
  return {
    problem: `${request.method} ${new URL(response.url).origin} answered ${response.status}, expected ${expected.text}${body}`,
    mayPass: passing.has(response.status),
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
  };
}

/** Follows redirects itself, as fetch would send credentials of its own choice. A redirect that is expected is an answer. */
async function send(first, expected, signal) {
  let request = first;
  for (let count = 0; count <= mostRedirects; count += 1) {
    const { url, method, headers, body } = request;
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
    if (!isRedirect(response) || expected.includes(response.status)) return { response };
    await response.body?.cancel();
    request = follow(request, response);
  }
  throw new Refusal(`${first.url.origin} redirects more than ${mostRedirects} times`);
}

/** What another try would not change. */
class Refusal extends Error {}

function follow(request, response) {
  try {
    return followRedirect(request, response);
  } catch (error) {
    throw new Refusal(error.message, { cause: error });
  }
}

/** An answer is read only to be shown; a peer that hangs up while it is read has answered all the same. */
async function readAnswer(response, isShown) {
  if (isShown) return (await response.text().catch(() => '')).replace(/\s+/g, ' ').trim();
  await response.body?.cancel().catch(() => undefined);
  return '';
}

function toOutcome(error, { url, method }, timeoutMs) {
  if (error instanceof Refusal) return { problem: error.message, mayPass: false };
  if (error.name === 'TimeoutError')
    return { problem: `${method} ${url.origin} did not answer within ${timeoutMs / 1000} s`, mayPass: true };
  // The cause says what the system said; the URL is not in it.
  const reason = error.cause?.message || error.cause?.code || error.message;
  return { problem: `cannot reach ${url.origin}: ${reason}`, mayPass: true };
}

/** Seconds, or a date; anything else is not there. */
function parseRetryAfter(text) {
  if (text === null) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(waitMs) ? undefined : waitMs;
}
