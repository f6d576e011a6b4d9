import { describe, expect, it } from 'vitest';
import { findImageProblem, findVersionProblem, toPluginImages } from './image-reference.ts';

describe('the repository of images', () => {
  it.each(['optimus-task-neo', 'ghcr.io/acme/optimus-task-neo', 'localhost:5000/a/b', 'acme/copy__table'])(
    'may be %s',
    (image) => {
      expect(findImageProblem(image)).toBeUndefined();
    },
  );

  it.each(['', 'neo:1.0.0', 'neo:1', 'Neo', 'ghcr.io/acme/', 'a b', '--push', 'neo@sha256:00'])(
    'is not %j',
    (image) => {
      expect(findImageProblem(image)).toContain('without a tag');
    },
  );
});

describe('a version', () => {
  it.each(['0.1.0', '1.2.3-rc.1', '10.20.30'])('may be %s', (version) => {
    expect(findVersionProblem(version)).toBeUndefined();
  });

  it.each(['', '1', 'v1.0.0', '1.0.0+build', '1.0.0_1', '1.0.0 ', '1.0.0-', 'latest'])(
    'is not %j',
    (version) => {
      expect(findVersionProblem(version)).toContain('semantic version');
    },
  );
});

it('names the executor and what is around it at one version', () => {
  expect(toPluginImages({ image: 'ghcr.io/acme/optimus-task-neo' }, '1.2.3')).toEqual({
    executor: 'ghcr.io/acme/optimus-task-neo-executor:1.2.3',
    wrapped: 'ghcr.io/acme/optimus-task-neo:1.2.3',
  });
});
