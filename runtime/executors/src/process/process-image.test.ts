import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { getCommandLine, toImageName } from './process-image.ts';

it.each([
  ['neo', 'neo'],
  ['neo:1.2', 'neo'],
  ['docker.io/odpf/neo:latest', 'docker.io/odpf/neo'],
  ['localhost:5000/neo', 'localhost:5000/neo'],
  ['localhost:5000/neo:1.2', 'localhost:5000/neo'],
  ['docker.io/odpf/neo:1@sha256:0a1b', 'docker.io/odpf/neo'],
])('the name of %s is %s', (image, name) => {
  expect(toImageName(image)).toBe(name);
});

it('finds the command line of an image, whatever its tag', () => {
  const images = { 'docker.io/odpf/neo': ['node', 'neo.mjs'] };
  expect(getCommandLine('docker.io/odpf/neo:2.0', { images })).toEqual(['node', 'neo.mjs']);
});

it('names the image, the configuration key and the nearest known image', () => {
  expect(() => getCommandLine('docker.io/odpf/noe:1', { images: { 'docker.io/odpf/neo': ['x'] } })).toThrow(
    expect.objectContaining({
      code: 'IMAGE_NOT_RUNNABLE',
      message: expect.stringContaining('did you mean "docker.io/odpf/neo"?'),
      hint: 'give its command line in executor.process.images, under the key docker.io/odpf/noe',
    }),
  );
});

it('refuses an empty command line', () => {
  expect(() => getCommandLine('neo', { images: { neo: [] } })).toThrow('has an empty command line');
});

it('takes what came along for images that are not configured', () => {
  const bundledImagesDir = mkdtempSync(path.join(tmpdir(), 'images-'));
  mkdirSync(path.join(bundledImagesDir, 'example'));
  writeFileSync(path.join(bundledImagesDir, 'example/process.json'), '{"command":["true"]}');
  expect(getCommandLine('example:1', { images: {}, bundledImagesDir })).toEqual(['true']);
  expect(getCommandLine('example:1', { images: { example: ['own'] }, bundledImagesDir })).toEqual(['own']);
  expect(() => getCommandLine('other:1', { images: {}, bundledImagesDir })).toThrow('has no command line');
  rmSync(bundledImagesDir, { recursive: true });
});
