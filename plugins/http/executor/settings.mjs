const longestTimeoutMs = 300_000;
const mostRetries = 10;
const unitMs = { ms: 1, s: 1000, m: 60_000 };
const headerPrefix = 'HTTP_HEADER_';
const bodiless = new Set(['GET', 'HEAD']);

/**
 * What the configuration asks for. Errors name the configuration and never quote a value that may hold a secret.
 *
 * HTTP_URL, HTTP_METHOD, HTTP_HEADER_<NAME>, HTTP_BODY, HTTP_EXPECTED_STATUS, HTTP_TIMEOUT, HTTP_RETRIES, HTTP_RETRY_DELAY,
 * HTTP_LOG_RESPONSE
 */
export function readSettings(env) {
  const { url, user } = parseUrl(env.HTTP_URL);
  const request = { url, method: parseMethod(env.HTTP_METHOD || 'POST'), body: env.HTTP_BODY || undefined };
  if (request.body !== undefined && bodiless.has(request.method))
    throw new Error(`HTTP_BODY cannot be sent by ${request.method}: remove it, or set HTTP_METHOD`);
  return {
    request: { ...request, headers: readHeaders(env, user, request.body), user },
    expected: parseExpected(env.HTTP_EXPECTED_STATUS || '2xx'),
    timeoutMs: parseDuration('HTTP_TIMEOUT', env.HTTP_TIMEOUT || '30s', longestTimeoutMs),
    retries: parseRetries(env.HTTP_RETRIES || '3'),
    delayMs: parseDuration('HTTP_RETRY_DELAY', env.HTTP_RETRY_DELAY || '1s', longestTimeoutMs),
    showsResponse: env.HTTP_LOG_RESPONSE === 'true',
  };
}

/** The URL without `user:password`, which fetch refuses and which goes into a header. */
function parseUrl(text) {
  if (!text) throw new Error('HTTP_URL is not set: give the hook an HTTP_URL configuration');
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('HTTP_URL is no URL of http or https (it is not shown, as it may hold a secret)');
  if (url.username === '' && url.password === '') return { url };
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, user };
}

function parseMethod(text) {
  const method = text.trim().toUpperCase();
  if (/^[A-Z]+$/.test(method) && method !== 'CONNECT' && method !== 'TRACE') return method;
  throw new Error(`HTTP_METHOD is "${text}", which cannot be sent: use GET, POST, PUT, PATCH or DELETE`);
}

/** Each header is a configuration of its own, so that no value, whatever it holds, can add another header. */
function readHeaders(env, user, body) {
  const headers = new Headers();
  if (body !== undefined) headers.set('content-type', isJson(body) ? 'application/json' : 'text/plain');
  if (user !== undefined) headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
  headers.set('user-agent', 'optimus-http');
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(headerPrefix)) setHeader(headers, name, value);
  }
  return headers;
}

function setHeader(headers, name, value) {
  try {
    headers.set(name.slice(headerPrefix.length).replaceAll('_', '-'), value.trim());
  } catch {
    // The reason would quote the value.
    throw new Error(`${name} is no header: its name is empty or odd, or its value has more than one line`);
  }
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `200,3xx` as a test of a status, with its text for people. */
function parseExpected(text) {
  const patterns = text.split(',').map((part) => part.trim().toLowerCase());
  const odd = patterns.find((pattern) => !/^[1-5](\d\d|xx)$/.test(pattern));
  if (odd !== undefined)
    throw new Error(`HTTP_EXPECTED_STATUS has "${odd}": write statuses or classes of them, such as 200,3xx`);
  const includes = (status) =>
    patterns.some((pattern) => pattern === String(status) || pattern === `${Math.floor(status / 100)}xx`);
  return { includes, text: patterns.join(' or ') };
}

function parseDuration(name, text, longestMs) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text.trim()) ?? [];
  const valueMs = Number(number) * unitMs[unit];
  if (valueMs > 0 && valueMs <= longestMs) return valueMs;
  throw new Error(`${name} is "${text}": write a duration of at most 5m, such as 500ms, 30s or 2m`);
}

function parseRetries(text) {
  const retries = Number(text);
  if (/^\d+$/.test(text.trim()) && retries <= mostRetries) return retries;
  throw new Error(`HTTP_RETRIES is "${text}": write a number from 0 to ${mostRetries}`);
}
