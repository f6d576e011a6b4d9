import { describe, expect, it } from 'vitest';
import { parseJobName } from '../job/job-name.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import { parseProjectName } from '../project/project.ts';
import { parseSecretName } from '../secret/secret.ts';

const invalidName = expect.objectContaining({ code: 'NAME_INVALID' });

describe.each([
  ['project', parseProjectName],
  ['namespace', parseNamespaceName],
])('a %s name', (_noun, parse) => {
  it.each(['a', 'A-1_b.c', '9lives', 'x'.repeat(63)])('may be "%s"', (name) => {
    expect(parse(name)).toBe(name);
  });

  it.each(['', '-a', '.a', '_a', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(64)])('may not be %j', (name) => {
    expect(() => parse(name)).toThrow(invalidName);
  });
});

describe('a job name', () => {
  it.each(['abc', 'sample-project.sky_objects', '1.2', 'x'.repeat(220)])('may be "%s"', (name) => {
    expect(parseJobName(name)).toBe(name);
  });

  it.each(['', 'ab', '-abc', 'a/b', 'a b c', 'abc\n', 'x'.repeat(221)])('may not be %j', (name) => {
    expect(() => parseJobName(name)).toThrow(invalidName);
  });
});

describe('a secret name', () => {
  it.each(['API_KEY', '_x', 'a-b', 'x'.repeat(100)])('may be "%s"', (name) => {
    expect(parseSecretName(name)).toBe(name);
  });

  it.each(['', '1a', 'a.b', 'a b', 'x'.repeat(101), '_OPTIMUS_KEY', '_optimus_key'])(
    'may not be %j',
    (name) => {
      expect(() => parseSecretName(name)).toThrow(invalidName);
    },
  );
});
