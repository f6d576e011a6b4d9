import { describe, expect, it } from 'vitest';
import { SecretPatterns, StreamMask } from './stream-mask.ts';

const secret = 'p@ss w/ö"rd\\+5';

/** The output of a stream that arrives in these chunks. */
function maskChunks(values: readonly string[], chunks: readonly (string | Uint8Array)[]): string {
  const stream = new StreamMask(new SecretPatterns(values));
  const shown = chunks.map((chunk) => stream.write(Buffer.from(chunk)));
  return Buffer.concat([...shown, stream.end('cut')]).toString();
}

function mask(values: readonly string[], text: string): string {
  return maskChunks(values, [text]);
}

function toChunks(text: string, size: number): readonly Uint8Array[] {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

describe('a secret is masked', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON of ASCII alone', 'p@ss w/\\u00f6\\"rd\\\\+5'],
    ['in JSON with slashes escaped', 'p@ss w\\/ö\\"rd\\\\+5'],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL in lower case', encodeURIComponent(secret).toLowerCase()],
    ['in a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['in a URL that keeps what it may', encodeURI(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
    ['in base64 with the line end of echo', Buffer.from(`${secret}\n`).toString('base64')],
  ])('%s', (_, form) => {
    for (const size of [1, 2, 3, 7, 4096]) {
      const shown = maskChunks([secret], toChunks(`a=${form};`, size));
      expect(shown).toMatch(/^a=\*\*\*={0,2};$/);
    }
  });

  it.each([1, 2, 3, 4])('as a part of base64, after %i other bytes', (before) => {
    const encoded = Buffer.from(`${'user'.slice(0, before)}${secret}:more`).toString('base64');
    const shown = mask([secret], encoded);
    expect(shown).toContain('***');
    expect(Buffer.from(shown.split('***')[0] ?? '', 'base64').length).toBeLessThanOrEqual(before + 1);
  });

  it('in base64 that is broken into lines, wherever', () => {
    const long = 'a long secret, of more than one line of base64: 0123456789 abcdefghijklmnopqrstuvwxyz';
    const encoded = Buffer.from(long).toString('base64').replace(/=+$/, '');
    for (let width = 1; width < encoded.length; width += 1) {
      const broken = `${encoded.slice(0, width)}\r\n${encoded.slice(width)}\n`;
      expect(mask([long], broken).replace(/\*\*\*|\s/g, '').length).toBeLessThanOrEqual(3);
    }
  });

  it('line by line, when it has several', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQ\r\n  IBADANB\n--\n';
    expect(mask([key], 'x MIIEvQ y IBADANB z -- ')).toBe('x *** y *** z -- ');
    expect(mask([key], key)).toBe('***\n***\r\n  ***\n--\n');
  });

  it('when a reader of JSON makes something else of it', () => {
    expect(mask([JSON.stringify(secret)], `got ${secret}.`)).toBe('got ***.');
    expect(mask(['{"user":"me","key":"0123-4567"}'], 'me 0123-4567')).toBe('me ***');
  });

  it('with the white space around it left alone', () => {
    expect(mask(['token-1\n'], 'is token-1.')).toBe('is ***.');
  });

  it('between the quotes of a shell', () => {
    expect(mask(["it's"], String.raw`A='it'\''s'`)).toBe("A='***'");
  });

  it('when values overlap, lie within each other or stand side by side', () => {
    expect(mask(['abcdef', 'defghi'], 'xabcdefghix')).toBe('x***x');
    expect(mask(['abcd', 'abcdefgh'], 'abcdefgh abcde.')).toBe('*** ***e.');
    expect(mask(['bcde', 'abcdefgh'], '.abcdexyz')).toBe('.a***xyz');
    expect(mask(['abcd'], 'abcdabcd-abcd')).toBe('***-***');
  });

  it('after a beginning of itself', () => {
    expect(mask(['aaab'], 'aaaaaab')).toBe('aaa***');
    expect(mask(['a%25b c'], 'a%25b c|a%2525b+c|')).toBe('***|***|');
  });

  it('in pieces, when it is long', () => {
    const long = Array.from({ length: 2000 }, (_, index) =>
      String.fromCharCode(97 + ((index * 7919) % 26)),
    ).join('');
    expect(maskChunks([long], toChunks(`<${long}>`, 100))).toBe('<***>');
    expect(mask([long], `<${long.slice(256, 1024)}>`)).toBe('<***>');
    const encoded = Buffer.from(long).toString('base64').replace(/.{76}/g, '$&\n');
    expect(mask([long], encoded).replaceAll('***', '').length).toBeLessThan(40);
  });

  it('wherever the stream is cut', () => {
    const text = `start ${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')} end`;
    const whole = mask([secret], text);
    for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1) {
      const bytes = Buffer.from(text);
      expect(maskChunks([secret], [bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(whole);
    }
  });

  it('from four bytes on, when the stream ends within it', () => {
    expect(mask(['password'], 'my pass')).toBe('my ***');
    expect(mask(['password'], 'my pas')).toBe('my pas');
  });
});

describe('what is no secret', () => {
  it('is left byte by byte, text or not', () => {
    const bytes = Buffer.from(
      Array.from({ length: 100_000 }, (_, index) => (index * 31 + (index >> 8)) & 255),
    );
    const stream = new StreamMask(new SecretPatterns(['never there']));
    const shown = Buffer.concat([
      stream.write(bytes.subarray(0, 777)),
      stream.write(bytes.subarray(777)),
      stream.end('cut'),
    ]);
    expect(shown.equals(bytes)).toBe(true);
  });

  it('is shown at once when its line has ended', () => {
    const stream = new StreamMask(new SecretPatterns([secret, 'token-1']));
    for (const line of [
      'a\n',
      'p@ss\n',
      'to\n',
      'tok\n',
      `${Buffer.from(secret).toString('base64').slice(0, 3)}\n`,
    ]) {
      expect(Buffer.from(stream.write(Buffer.from(line))).toString()).toBe(line);
    }
  });

  it('is held back only as long as it may become one', () => {
    const stream = new StreamMask(new SecretPatterns(['token-1']));
    expect(Buffer.from(stream.write(Buffer.from('a tok'))).toString()).toBe('a ');
    expect(Buffer.from(stream.write(Buffer.from('yo'))).toString()).toBe('tokyo');
  });

  it('is all there is when no value is long enough', () => {
    expect(mask(['', 'a', 'abc'], 'abc a')).toBe('abc a');
    expect(mask([], 'abc a')).toBe('abc a');
  });
});

it('finds every secret in random streams, cut at random', () => {
  // A constant sequence, so that a failure is the same everywhere.
  let state = 42;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  const text = (length: number): string => Array.from({ length }, () => 'ab%+ /'[random(6)]).join('');
  for (let round = 0; round < 300; round += 1) {
    const values = Array.from({ length: 1 + random(3) }, () => `${text(5 + random(6))}Z`);
    const output = Array.from(
      { length: 6 },
      () => text(random(9)) + (values[random(values.length)] ?? ''),
    ).join('');
    const chunks = toChunks(output, 1 + random(5));
    const shown = maskChunks(values, chunks);
    expect(shown).toBe(mask(values, output));
    for (const value of values.filter((one) => one.trim() === one)) expect(shown).not.toContain(value);
  }
});
