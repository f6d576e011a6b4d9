import { setTimeout as delay } from 'node:timers/promises';

const timeoutMs = 60_000;
const pauseMs = 200;
const unavailable = 503;
const longestShownBody = 500;

/**
 * The body of a 2xx answer. Anything else is an error of one line that names the service, the status and the body;
 * `hidden` is cut out of it, as services like to repeat what they were asked. A service that is away, or says that it
 * is, is asked again until `patienceMs` have passed.
 */
export async function fetchText({ service, url, options = {}, hidden = '', patienceMs = 0 }) {
  const response = await sendPatiently({ service, url, options }, performance.now() + patienceMs);
  const body = await response.text();
  if (response.ok) return body;
  const shown = (hidden === '' ? body : body.replaceAll(hidden, '***')).replace(/\s+/g, ' ').trim();
  throw new Error(`${service} answered ${response.status}: ${shown.slice(0, longestShownBody)}`);
}

async function sendPatiently({ service, url, options }, lastMoment) {
  for (;;) {
    const isLast = performance.now() > lastMoment;
    const response = await send(service, url, options).catch((error) => {
      if (isLast) throw error;
    });
    if (response && (isLast || response.status !== unavailable)) return response;
    await response?.body?.cancel();
    await delay(pauseMs);
  }
}

async function send(service, url, options) {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    // The cause names the address and what the system said; the URL, which may hold a key, is in neither.
    throw new Error(`cannot reach ${service}: ${error.cause?.message ?? error.message}`, { cause: error });
  }
}
