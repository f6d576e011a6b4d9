import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { environmentFor, findNode, isRecentEnough } from './pinned-node.mjs';

test.each([
  ['20.20.2', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['23.0.0', true],
  ['24.1.0', true],
])('Node %s runs the project: %s', (version, expected) => {
  expect(isRecentEnough(version)).toBe(expected);
});

test('finds a Node that starts and is recent enough', () => {
  const version = execFileSync(findNode(), ['--version'], { encoding: 'utf8' });
  expect(isRecentEnough(version.slice(1))).toBe(true);
});

test('puts that Node and the tools of the project first on the path, and keeps the rest', () => {
  const env = environmentFor('/opt/node/bin/node');
  const folders = (env.PATH ?? '').split(path.delimiter);
  expect(folders[0]).toBe('/opt/node/bin');
  expect(folders[1]).toMatch(/node_modules[\\/]\.bin$/);
  expect(folders.slice(2).join(path.delimiter)).toBe(process.env.PATH);
});
