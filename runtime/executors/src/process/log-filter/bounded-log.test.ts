import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BoundedLog } from './bounded-log.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  path = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(limit: number, texts: readonly string[]): string {
  const fd = openSync(path, 'a');
  const log = new BoundedLog(fd, limit);
  for (const text of texts) log.write(Buffer.from(text));
  log.end();
  closeSync(fd);
  return readFileSync(path, 'utf8');
}

it('writes what fits as it comes', () => {
  expect(write(10, ['abc', 'defghij'])).toBe('abcdefghij');
});

it('counts what was there before', () => {
  writeFileSync(path, 'x'.repeat(10));
  expect(write(10, ['tail'])).toMatch(/^x{10}\n\[optimus\] the log is full at 10 bytes: .*\ntail$/);
});

it('keeps beginning and end of what is too long, and says how much is missing', () => {
  const shown = write(10, ['begin ', ...Array.from({ length: 200 }, () => 'm'.repeat(1000)), 'end']);
  expect(shown).toMatch(
    /^begin mmmm\n\[optimus\] .*\n\n\[optimus\] 134463 bytes left out: the log is full\nm+end$/,
  );
  expect(shown.length).toBeLessThan(10 + 65_536 + 200);
});
