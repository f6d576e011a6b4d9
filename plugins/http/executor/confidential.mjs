const shortest = 4;
const longestShown = 1000;
const notSecret = new Set(['content-type', 'user-agent', 'accept', 'accept-language']);

/**
 * The texts that no log may show, longest first: services like to repeat what they were asked. They are the values of the
 * headers and the last word of each (the token of `Bearer …`), user and password, the values of the query, and the longer
 * parts of the path, in which webhooks have their secret.
 */
export function listConfidential({ url, user = '', headers, body = '' }) {
  const values = [...headers].filter(([name]) => !notSecret.has(name)).map(([, value]) => value);
  const words = values.map((value) => value.split(' ').at(-1));
  const path = url.pathname.split('/').filter((part) => part.length >= 8);
  const asked = [url.search, ...url.searchParams.values(), ...path, ...path.map(decode)];
  const all = [...values, ...words, ...asked, user, user.slice(user.indexOf(':') + 1), body];
  return [...new Set(all.filter((text) => text.length >= shortest))].sort((a, b) => b.length - a.length);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One line without any of the confidential texts. */
export function hide(text, confidential) {
  const hidden = confidential.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  return hidden.replace(/\s+/g, ' ').trim().slice(0, longestShown);
}
