import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBundledCommand } from './bundled-image.ts';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'images-'));
  add('images/shell', { command: ['./run.sh', '--fast'] });
  add('images/docker.io/odpf/neo', { command: ['node', './main.mjs'] });
  add('images/broken', { command: [] });
  add('outside', { command: ['./run.sh'] });
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function add(folder: string, description: object): void {
  mkdirSync(path.join(dir, folder), { recursive: true });
  writeFileSync(path.join(dir, folder, 'process.json'), JSON.stringify(description));
}

const find = (name: string) => findBundledCommand(name, path.join(dir, 'images'));

it('finds the program of an image by its name, beside its description', () => {
  expect(find('shell')).toEqual([path.join(dir, 'images/shell/run.sh'), '--fast']);
});

it('runs programs for Node with the Node that runs the server', () => {
  expect(find('docker.io/odpf/neo')).toEqual([
    process.execPath,
    path.join(dir, 'images/docker.io/odpf/neo/main.mjs'),
  ]);
});

it.each(['python', 'docker.io', '', '../outside', 'shell/../../outside', '/etc', 'a//b'])(
  'knows no image %j',
  (name) => {
    expect(find(name)).toBeUndefined();
  },
);

it('refuses a description without a command', () => {
  expect(() => find('broken')).toThrow('holds no command');
});
