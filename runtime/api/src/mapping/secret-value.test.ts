import { describe, expect, it } from 'vitest';
import { fromSecretValue } from './secret-value.ts';

describe('the value of a secret on the wire', () => {
  it.each(['', 'a', 'ab', 'abc', 'ü 🚮\n', '\ufeffmark', 'x'.repeat(10_000)])(
    'is the base64 of %j',
    (value) => {
      const encoded = Buffer.from(value).toString('base64');
      expect(fromSecretValue('s', encoded)).toBe(value);
      expect(fromSecretValue('s', encoded.replaceAll('=', ''))).toBe(value);
      expect(fromSecretValue('s', encoded.replaceAll(/(.{60})/g, '$1\r\n'))).toBe(value);
    },
  );

  it.each(['not base64', 'YQ=', 'Y', 'YQ===', '====', 'YQ=='.repeat(2)])('is not %j', (value) => {
    expect(() => fromSecretValue('key', value)).toThrow(
      expect.objectContaining({ code: 'SECRET_INVALID', message: 'the value of secret "key" is not base64' }),
    );
  });

  it('is text', () => {
    const binary = Buffer.from([0xff, 0xfe]).toString('base64');
    expect(() => fromSecretValue('key', binary)).toThrow(/is not UTF-8 text/);
  });
});
