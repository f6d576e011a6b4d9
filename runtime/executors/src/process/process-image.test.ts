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
  expect(getCommandLine('docker.io/odpf/neo:2.0', images)).toEqual(['node', 'neo.mjs']);
});

it('names the image, the configuration key and the nearest known image', () => {
  expect(() => getCommandLine('docker.io/odpf/noe:1', { 'docker.io/odpf/neo': ['x'] })).toThrow(
    expect.objectContaining({
      code: 'IMAGE_NOT_RUNNABLE',
      message: expect.stringContaining('did you mean "docker.io/odpf/neo"?'),
      hint: 'give its command line in executor.process.images, under the key docker.io/odpf/noe',
    }),
  );
});

it('refuses an empty command line', () => {
  expect(() => getCommandLine('neo', { neo: [] })).toThrow('has an empty command line');
});
