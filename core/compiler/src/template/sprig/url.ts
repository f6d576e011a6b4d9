import { callFault } from '../functions/template-function.ts';

/** The parts of a URL as sprig hands them over, each decoded but the query. */
export interface UrlParts {
  readonly scheme: string;
  readonly userinfo: string;
  readonly host: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: string;
  readonly opaque: string;
  readonly fragment: string;
}

/** Which characters a part of a URL may hold as they are, besides letters, digits and `-_.~`. */
const PLAIN = {
  path: '$&+,/:;=@',
  userinfo: '$&+,;=',
  fragment: '$&+,/:;=?@!()*',
  host: '!$&\'()*+,;=:[]<>"',
} as const;

/** Takes a URL apart by Go's rules. @throws OptimusError `TEMPLATE_FAILED` */
export function parseUrl(text: string): UrlParts {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (/[\0-\x1f\x7f]/.test(text)) throw urlFault('holds a control character');
  const [whole, fragment] = cut(text, '#');
  const scheme = findScheme(whole);
  const [rest, query] = cut(whole.slice(scheme === '' ? 0 : scheme.length + 1), '?');
  const parts = { ...NOTHING, scheme: scheme.toLowerCase(), query, fragment: decode(fragment) };
  if (scheme !== '' && !rest.startsWith('/')) return { ...parts, opaque: rest };
  if (!rest.startsWith('/') && cut(rest, '/')[0].includes(':')) {
    throw urlFault('has a colon in the first part of its path');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) return { ...parts, path: decode(rest) };
  const slash = rest.indexOf('/', 2);
  const authority = rest.slice(2, slash < 0 ? rest.length : slash);
  return { ...parts, ...parseAuthority(authority), path: slash < 0 ? '' : decode(rest.slice(slash)) };
}

const NOTHING: UrlParts = {
  scheme: '',
  userinfo: '',
  host: '',
  hostname: '',
  path: '',
  query: '',
  opaque: '',
  fragment: '',
};

/** Puts a URL together, encoding what must be. @throws OptimusError `TEMPLATE_FAILED` for user information that is none */
export function formatUrl(parts: Omit<UrlParts, 'hostname'>): string {
  const { scheme, host, path, query, opaque, fragment } = parts;
  const userinfo = parts.userinfo === '' ? '' : parseUrl(`any://${parts.userinfo}@host`).userinfo;
  const start = scheme === '' ? '' : `${scheme}:`;
  const end = (query === '' ? '' : `?${query}`) + (fragment === '' ? '' : `#${encode(fragment, 'fragment')}`);
  if (opaque !== '') return start + opaque + end;
  const hasAuthority = host !== '' || userinfo !== '' || (scheme !== '' && path !== '');
  const authority = hasAuthority ? `//${userinfo && `${userinfo}@`}${encode(host, 'host')}` : '';
  return start + authority + formatPath(path, start + authority, host) + end;
}

function formatPath(path: string, before: string, host: string): string {
  const encoded = path === '*' ? '*' : encode(path, 'path');
  if (encoded !== '' && !encoded.startsWith('/') && host !== '') return `/${encoded}`;
  // Otherwise it would read as a scheme.
  return before === '' && cut(encoded, '/')[0].includes(':') ? `./${encoded}` : encoded;
}

function cut(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function findScheme(text: string): string {
  if (text.startsWith(':')) throw urlFault('has no scheme before its colon');
  return /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1] ?? '';
}

function parseAuthority(authority: string): Pick<UrlParts, 'userinfo' | 'host' | 'hostname'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  const hostname = host.startsWith('[') ? host.slice(1, host.lastIndexOf(']')) : host.replace(/:\d*$/, '');
  return { userinfo: at < 0 ? '' : parseUserinfo(authority.slice(0, at)), host, hostname };
}

function parseHost(text: string): string {
  const closing = text.lastIndexOf(']');
  if (text.startsWith('[') && closing < 0) throw urlFault('lacks the ] of its host');
  const colon = text.startsWith('[') ? closing + 1 : text.lastIndexOf(':');
  const port = colon < 0 ? '' : text.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) throw urlFault('has a port that is no number');
  const allowed = /^(?:[\w.~!$&'()*+,;=:[\]<>"-]|\P{ASCII}|%[89a-fA-F][\da-fA-F])*$/u;
  if (!allowed.test(text)) throw urlFault('has a character that a host cannot have');
  return decode(text);
}

/** Checks and rewrites `name:password` as Go writes it. */
function parseUserinfo(text: string): string {
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(text))
    throw urlFault('has a character that user information cannot have');
  const [name, password] = cut(text, ':');
  const written = encode(decode(name), 'userinfo');
  return text.includes(':') ? `${written}:${encode(decode(password), 'userinfo')}` : written;
}

function decode(text: string): string {
  if (/%(?![\da-fA-F]{2})/.test(text))
    throw urlFault('has a % that is not followed by two hexadecimal digits');
  return text.replace(/(?:%[\da-fA-F]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function encode(text: string, part: keyof typeof PLAIN): string {
  return text
    .toWellFormed()
    .replace(/[^\w.~-]/gu, (character) =>
      PLAIN[part].includes(character)
        ? character
        : [...Buffer.from(character, 'utf8')]
            .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
            .join(''),
    );
}

function urlFault(problem: string) {
  return callFault(`the URL ${problem}`, 'write one such as https://host:80/path?query#fragment');
}
