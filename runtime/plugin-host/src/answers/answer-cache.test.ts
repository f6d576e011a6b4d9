import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create } from '@bufbuild/protobuf';
import { PluginInfoResponseSchema } from '@optimus/proto/plugins';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordingLog } from '../testing/recording-log.ts';
import { AnswerCache } from './answer-cache.ts';

const answer = create(PluginInfoResponseSchema, { name: 'sample', image: 'sample:1' });
const script = (body: string) => `#!/usr/bin/env node\n// optimus: self-contained\n${body}\n`;

let folder: string;
let file: string;
let log: RecordingLog;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'answers-'));
  file = path.join(folder, 'program');
  log = new RecordingLog();
  writeFileSync(file, script('1'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const directory = () => path.join(folder, 'cache', 'answers');
const open = () => new AnswerCache(directory(), log);
const record = () => path.join(directory(), readdirSync(directory())[0] ?? '');

/** A file that was just written is remembered only some ticks of the clock later. */
async function keep(cache = open()): Promise<void> {
  await vi.waitFor(() => {
    cache.keep(cache.note(file), answer);
    expect(cache.find(file)).toBeDefined();
  }, 10_000);
}

test('a later host finds what a program has said', async () => {
  expect(open().find(file)).toBeUndefined();
  await keep();
  expect(open().find(file)).toEqual(answer);
  expect(statSync(record()).mode & 0o777).toBe(0o600);
  expect(statSync(directory()).mode & 0o777).toBe(0o700);
});

test('finds nothing once the file is replaced by one of the same size and time', async () => {
  const { atime, mtime } = statSync(file);
  await keep();
  const other = `${file}.new`;
  writeFileSync(other, script('2'));
  utimesSync(other, atime, mtime);
  renameSync(other, file);
  expect(open().find(file)).toBeUndefined();
});

test('finds nothing once the file is written in place, its size kept and its time set back', async () => {
  const { atime, mtime } = statSync(file);
  await keep();
  writeFileSync(file, script('2'));
  utimesSync(file, atime, mtime);
  expect(open().find(file)).toBeUndefined();
});

test('does not keep the answer of a file that was replaced while its program was asked', async () => {
  const cache = open();
  await keep(cache);
  const asked = cache.note(file);
  cache.forget(file);
  writeFileSync(`${file}.new`, script('2'));
  renameSync(`${file}.new`, file);
  cache.keep(asked, answer);
  expect(cache.find(file)).toBeUndefined();
});

test.each([
  ['cut off', (text: string) => text.slice(0, -20)],
  ['empty', () => ''],
  ['no record', () => '[]'],
  ['of another format', (text: string) => text.replace('"format":1', '"format":0')],
  ['damaged', (text: string) => text.replace(/"answer":"..../, '"answer":"AAAA')],
])('passes over a record that is %s', async (_, damage) => {
  await keep();
  writeFileSync(record(), damage(readFileSync(record(), 'utf8')));
  expect(open().find(file)).toBeUndefined();
});

test('remembers no script that may run other files', async () => {
  await keep();
  writeFileSync(file, '#!/bin/sh\nexec node /elsewhere.mjs\n');
  const cache = open();
  await vi.waitFor(() => {
    expect(Date.now() - statSync(file).ctimeMs).toBeGreaterThan(100);
  }, 10_000);
  cache.keep(cache.note(file), answer);
  expect(cache.find(file)).toBeUndefined();
});

test('leaves nothing half-written behind, and forgets when it is told to', async () => {
  await keep();
  open().keep(open().note(file), answer);
  expect(readdirSync(directory())).toHaveLength(1);
  open().forget(file);
  expect(readdirSync(directory())).toEqual([]);
});

test('a folder that cannot be written costs a line of the log', () => {
  writeFileSync(path.join(folder, 'cache'), 'in the way');
  const cache = open();
  return vi.waitFor(() => {
    cache.keep(cache.note(file), answer);
    expect(log.entries[0]?.message).toBe('what the plugin says of itself cannot be kept');
  }, 10_000);
});
