import { expect, it } from 'vitest';
import { OptimusError } from '../../error/optimus-error.ts';
import { maskError, maskText } from './mask-text.ts';
import { SecretPatterns } from './stream-mask.ts';

const patterns = new SecretPatterns(['hush-hush']);

it('masks in texts, and leaves the beginning of a secret at their end', () => {
  expect(maskText('is hush-hush, hush', patterns)).toBe('is ***, hush');
  expect(maskText('hush-hush', patterns)).toBe('***');
});

it('returns a text without secrets as it was', () => {
  expect(maskText('nothing \ud800', patterns)).toBe('nothing \ud800');
});

it('masks all that an error says, and lets go of its cause', () => {
  const error = new OptimusError('PLUGIN_REFUSED', {
    message: 'the key hush-hush is wrong',
    hint: 'replace hush-hush',
    fields: { key: 'hush-hush', plugin: 'neo' },
    cause: new TypeError('hush-hush'),
  });
  const masked = maskError(error, patterns);
  expect(masked).toMatchObject({
    code: 'PLUGIN_REFUSED',
    message: 'the key *** is wrong',
    hint: 'replace ***',
    fields: { key: '***', plugin: 'neo' },
  });
  expect(masked).not.toHaveProperty('cause');
});

it('passes an error on that says no secret, and what is no error of ours', () => {
  const clean = new OptimusError('PLUGIN_REFUSED', { message: 'no' });
  expect(maskError(clean, patterns)).toBe(clean);
  expect(maskError('hush-hush', patterns)).toBe('hush-hush');
});
