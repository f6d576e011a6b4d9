import { describe, expect, it } from 'vitest';
import { settleBoth } from './settle-both.ts';

describe('two tasks side by side', () => {
  it('answer together', async () => {
    expect(await settleBoth(Promise.resolve('a'), Promise.resolve(2))).toEqual(['a', 2]);
  });

  it('fail only when both have ended', async () => {
    const slow = Promise.withResolvers<string>();
    let hasEnded = false;
    const both = settleBoth(Promise.reject(new TypeError('first')), slow.promise).finally(() => {
      hasEnded = true;
    });
    await new Promise(setImmediate);
    expect(hasEnded).toBe(false);
    slow.resolve('late');
    await expect(both).rejects.toThrow('first');
  });

  it('tell the failure of the first when both fail', async () => {
    const both = settleBoth(Promise.reject(new TypeError('a')), Promise.reject(new TypeError('b')));
    await expect(both).rejects.toThrow('a');
  });

  it('tell the failure of the second when it alone fails', async () => {
    await expect(settleBoth(Promise.resolve(), Promise.reject(new TypeError('b')))).rejects.toThrow('b');
  });
});
