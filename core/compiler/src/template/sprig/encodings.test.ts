import { describe, expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

it.each([
  ['b64enc "héllo"', 'aMOpbGxv'],
  ['b64dec "aMOpbGxv"', 'héllo'],
  ['b64dec "YQ"', 'illegal base64 data at input byte 0'],
  ['b64dec "YWJj!"', 'illegal base64 data at input byte 4'],
  ['b64dec "YQ=x"', 'illegal base64 data at input byte 2'],
  ['b64dec "YW\\nJj"', 'abc'],
  ['b32enc "hello world"', 'NBSWY3DPEB3W64TMMQ======'],
  ['b32dec "NBSWY3DPEB3W64TMMQ======"', 'hello world'],
  ['b32dec "me======"', 'illegal base32 data at input byte 0'],
  ['sha1sum ""', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['sha256sum "a"', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ['sha512sum "a" | trunc 16', '1f40fc92da241694'],
  ['adler32sum "Wikipedia"', '300286872'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});

describe('cryptography', () => {
  it('derives the same password every time, of each kind', () => {
    const derive = (kind: string) =>
      renderTemplate(`{{derivePassword 1 "${kind}" "password" "user" "example.com"}}`);
    expect(derive('long')).toBe('ZedaFaxcZaso9*');
    expect(derive('pin')).toMatch(/^\d{4}$/);
    expect(derive('nope')).toBe('cannot find password template nope');
  });

  it('decrypts what encryptAES made', () => {
    const template = '{{decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="}}';
    expect(renderTemplate(template)).toBe('plaintext');
    expect(renderTemplate('{{decryptAES "k" ""}}')).toBe('');
    expect(findTemplateError('{{decryptAES "k" "YQ=="}}')?.message).toContain('not whole blocks');
    expect(findTemplateError('{{decryptAES "k" "?"}}')?.message).toContain('is not base 64');
  });

  it('refuses a certificate that is none, without quoting it', () => {
    const message = findTemplateError('{{buildCustomCert "c2VjcmV0" "a2V5"}}')?.message;
    expect(message).toContain('the certificate cannot be read');
    expect(message).not.toContain('secret"');
  });
});

describe('a URL', () => {
  it('is taken apart', () => {
    const url = 'https://ada:p%40ss@Host:8080/a%20b/c?x=1&y=2#top';
    const parts = 'scheme userinfo host hostname path query fragment opaque'.split(' ');
    const shown = parts.map((part) => `{{.${part}}}`).join('|');
    expect(renderTemplate(`{{with urlParse .url}}${shown}{{end}}`, { url })).toBe(
      'https|ada:p%40ss|Host:8080|Host|/a b/c|x=1&y=2|top|',
    );
  });

  it.each([
    'https://host/a%20b?x=1#f',
    'mailto:ada@example.com',
    '//host/p',
    '/p?q',
    'p/q',
    'http://[::1]:80/',
    'http://u:p@h/',
  ])('%s is put together as it was taken apart', (url) => {
    expect(renderTemplate('{{urlParse .url | urlJoin}}', { url })).toBe(url);
  });

  it.each([
    ['://x', 'no scheme'],
    ['a:b:c/d'.slice(1), 'no scheme'],
    ['1:x', 'a colon in the first part'],
    ['http://h:port/', 'a port that is no number'],
    ['http://[::1/', 'lacks the ]'],
    ['http://h/%zz', 'a % that is not followed'],
    ['http://a b/', 'a character that a host cannot have'],
    ['http://a b@h/', 'user information cannot have'],
    ['a\u0001', 'a control character'],
  ])('%j is none: it has %s', (url, problem) => {
    expect(findTemplateError('{{urlParse .url}}', { url })?.message).toContain(problem);
  });

  it('is put together of texts alone, in their order and encoded', () => {
    expect(
      renderTemplate('{{urlJoin (dict "scheme" "http" "host" "h" "path" "a b" "query" "q" "fragment" "ä")}}'),
    ).toBe('http://h/a%20b?q#%C3%A4');
    expect(findTemplateError('{{urlJoin (dict "host" 1)}}')?.message).toContain(
      'the host of a URL must be a text',
    );
  });
});

it.each([
  ['base "/a/b.txt/"', 'b.txt'],
  ['base ""', '.'],
  ['base "///"', '/'],
  ['dir "/a/b.txt"', '/a'],
  ['dir "a"', '.'],
  ['clean "a/../../b//./c/"', '../b/c'],
  ['clean "/../a"', '/a'],
  ['ext "a.tar.gz"', '.gz'],
  ['ext "a.b/c"', ''],
  ['isAbs "/a"', 'true'],
  ['osBase "a/b"', 'b'],
])('the path function %s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});
