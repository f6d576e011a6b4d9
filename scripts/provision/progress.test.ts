import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showProgress } from './progress.mjs';

const label = { doing: 'Installing', done: 'Installed' };
const terminal = process.stderr.isTTY;
let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  process.stderr.isTTY = terminal;
  vi.restoreAllMocks();
});

test('says what begins and what has ended where nobody watches', async () => {
  process.stderr.isTTY = false;
  expect(await showProgress(label, async () => 7)).toBe(7);
  expect(printed).toMatch(/^Installing …\nInstalled \([\d.]+ s\)\n$/);
});

test('leaves one line behind on a terminal', async () => {
  process.stderr.isTTY = true;
  await showProgress(label, async () => undefined);
  expect(printed).toMatch(/^\rInstalling … 0 s\r\u001B\[KInstalled \([\d.]+ s\)\n$/);
});

test('never says that a failed step is done', async () => {
  process.stderr.isTTY = false;
  await expect(showProgress(label, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(printed).not.toContain('Installed');
});
