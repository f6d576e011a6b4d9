const redirects = new Set([301, 302, 303, 307, 308]);

/** Headers that tell nothing that another host should not know. All others count as credentials. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** Whether the answer sends its caller elsewhere. */
export function isRedirect(response) {
  return redirects.has(response.status) && response.headers.has('location');
}

/**
 * The request that a redirect asks for. What one host was trusted with is not sent to another: a request with credentials,
 * or with a body that would go along, follows no redirect that leaves its host.
 */
export function followRedirect(request, response) {
  const url = URL.parse(response.headers.get('location'), request.url);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`${request.url.origin} redirects to what is no URL of http or https`);
  const next = { ...toNextMethod(request, response.status), url };
  if (isSamePlace(request.url, url)) return next;
  if (next.body === undefined && !hasCredentials(request.headers)) return next;
  throw new Error(
    `${request.url.origin} redirects to ${url.origin}, which is not sent the credentials or the body meant for another: give the final address in HTTP_URL`,
  );
}

/** As browsers do it: but for 307 and 308, what is not just asked is asked for by GET. */
function toNextMethod({ method, body, headers }, status) {
  const keeps =
    status === 307 ||
    status === 308 ||
    method === 'GET' ||
    method === 'HEAD' ||
    (status !== 303 && method !== 'POST');
  if (keeps) return { method, body, headers };
  const rest = new Headers(headers);
  rest.delete('content-type');
  return { method: 'GET', body: undefined, headers: rest };
}

/** The same origin, or the encrypted one of the same host. */
function isSamePlace(from, to) {
  if (from.origin === to.origin) return true;
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:';
  return isUpgrade && from.hostname === to.hostname && from.port === '' && to.port === '';
}

function hasCredentials(headers) {
  return [...headers.keys()].some((name) => !harmless.has(name));
}
