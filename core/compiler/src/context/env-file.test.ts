import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { toEnvFile } from './env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const VALUES: Readonly<Record<string, string>> = {
  EMPTY: '',
  PLAIN: 'plain',
  SPACES: '  two  spaces  ',
  SINGLE: "it's 'quoted' ''",
  DOUBLE: 'say "hello"',
  BACK: 'run `id` now',
  DOLLAR: '$HOME ${PATH} $(id) $$',
  BACKSLASH: String.raw`a\b\\c\n\'`,
  TRAILING: 'ends in \\',
  LINES: 'one\ntwo\n\nfour\n',
  CARRIAGE: 'a\r\nb\tc',
  HASH: '# no comment ; & | < > ( ) { } * ? [ ] ! ~ %',
  UNICODE: 'naïve 東京 😀 \u00a0',
  JSON: '{"key":"a\'b$c`d"}',
  LONG: 'x'.repeat(100_000),
  EQUALS: 'a=b=c',
};

// What a shell gives a meaning to, ends of lines, ends of quotes, other spaces, and characters of two, three and four bytes.
const PIECES = [
  ...`'"\`$\\ \t\r\n-#!~*?[]{}()<>|&;=%^@:,.+a0é`,
  "'\\''",
  '\r\n',
  '${x}',
  '$(id)',
  '`id`',
  '\\\n',
  'EOF\n',
  '\u00a0',
  '\u2028',
  '東',
  '😀',
  '\u0001',
  '\u007f',
  '\ufeff',
  '-n ',
  '--',
];

/** Values by name: short ones for the most part, one in fifty of about 50,000 characters. */
function drawValues(seed: number, count: number): Readonly<Record<string, string>> {
  let state = seed;
  const draw = (below: number): number => {
    // A linear congruential generator is random enough to mix pieces, and the same everywhere.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const drawValue = (): string => {
    const length = draw(50) === 0 ? 40_000 : draw(12);
    return Array.from({ length }, () => PIECES[draw(PIECES.length)]).join('');
  };
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, drawValue()]));
}

function sourceWith(
  shell: string,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const file = join(folder, 'env');
  writeFileSync(file, toEnvFile(variables));
  const script = `set -e; set -o allexport; . "$1"; set +o allexport; exec "$2" -e 'process.stdout.write(JSON.stringify(process.env))'`;
  const { status, stdout, stderr } = spawnSync(shell, ['-c', script, shell, file, execPath], {
    env: {},
    // With a socket as its input bash would take itself for a remote login and read the user's start-up file.
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe.each(['sh', 'dash', 'bash'])('a file sourced by %s', (name) => {
  const shell = `/bin/${name}`;
  it('hands every value on as it was', () => {
    expect(sourceWith(shell, VALUES)).toMatchObject(VALUES);
  });

  it.each([1, 2, 3])('hands on values that were drawn at random, seed %i', (seed) => {
    const values = drawValues(seed, 200);
    const found = sourceWith(shell, values);
    expect(Object.keys(values).filter((key) => found[key] !== values[key])).toEqual([]);
  });

  it('runs nothing for a name that is none', () => {
    const found = sourceWith(shell, { 'touch x': '1', 'A-B': '2', '1X': '3', 'N\nexit 7': '4', OK: '5' });
    expect(found).toMatchObject({ OK: '5' });
    expect(found).not.toHaveProperty('A-B');
  });
});

describe('the file', () => {
  it('is a line a variable, in the order given', () => {
    expect(toEnvFile({ B: 'x', A: "it's" })).toBe("B='x'\nA='it'\\''s'\n");
  });

  it('is empty without variables', () => {
    expect(toEnvFile({})).toBe('');
  });

  it('refuses a NUL byte without showing the value', () => {
    expect(() => toEnvFile({ KEY: 'hush\0' })).toThrow(/^the value of KEY contains a NUL byte/);
  });
});
