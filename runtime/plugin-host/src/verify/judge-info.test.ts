import { describe, expect, it } from 'vitest';
import {
  findFileNameProblem,
  findHookProblem,
  findImageProblem,
  findNameProblem,
  findSecretPathProblem,
} from './judge-info.ts';

const linux = { os: 'linux', arch: 'amd64' };

describe('the name of a file', () => {
  it.each(['optimus-neo_linux_amd64', 'optimus-neo_0.1.0_linux_amd64', 'optimus-plugin-neo.yaml'])(
    'is good as %s',
    (name) => expect(findFileNameProblem(`/p/${name}`, linux)).toBeUndefined(),
  );

  it.each(['neo', 'optimus-neo', 'optimus-neo_darwin_amd64', 'neo.yaml'])('is refused as %s', (name) => {
    expect(findFileNameProblem(`/p/${name}`, linux)).toBe(`is called ${name}`);
  });

  it('may leave the version to the plugin, but not tell another', () => {
    const info = { name: 'neo', version: 'v0.1.0' };
    expect(findNameProblem('/p/optimus-neo_linux_amd64', info, linux)).toBeUndefined();
    expect(findNameProblem('/p/optimus-neo_0.1.0_linux_amd64', info, linux)).toBeUndefined();
    expect(findNameProblem('/p/optimus-neo_0.2.0_linux_amd64', info, linux)).toBe(
      'says that it is version v0.1.0, its file 0.2.0',
    );
  });

  it('is that of the plugin', () => {
    const info = { name: 'neo', version: '1' };
    const problem = 'calls itself neo, its file bq';
    expect(findNameProblem('/p/optimus-bq_linux_amd64', info, linux)).toBe(problem);
    expect(findNameProblem('/p/optimus-plugin-bq.yaml', info, linux)).toBe(problem);
  });
});

describe('an image', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;

  it.each(['i:1', 'ghcr.io/kush/neo:latest', 'localhost:5000/a/b_c:v1', `i@${digest}`, `i:1@${digest}`])(
    'is good as %s',
    (image) => expect(findImageProblem(image)).toBeUndefined(),
  );

  it.each(['i', 'localhost:5000/i'])('is refused as %s, without a tag', (image) => {
    expect(findImageProblem(image)).toBe(`names its image without a tag: ${image}`);
  });

  it.each(['', 'Not An Image', 'i:', 'a//b:1', 'i:1 '])('is refused as %j', (image) => {
    expect(findImageProblem(image)).toContain('names an image that cannot be');
  });
});

it('a secret is wanted nowhere, or at an absolute path', () => {
  expect(findSecretPathProblem('')).toBeUndefined();
  expect(findSecretPathProblem('/opt/key.json')).toBeUndefined();
  expect(findSecretPathProblem('key.json')).toBe('wants its secret at "key.json"');
  expect(findSecretPathProblem('/opt/../key.json')).toBe('wants its secret at "/opt/../key.json"');
});

it('a hook depends on others, each named once', () => {
  const depend = (...dependsOn: string[]) => findHookProblem({ name: 'hook', dependsOn });
  expect(depend('other', 'third')).toBeUndefined();
  expect(depend('hook')).toBe('depends on itself');
  expect(depend('')).toBe('depends on a hook without a name');
  expect(depend('other', 'other')).toBe('depends on the same hook twice');
});
