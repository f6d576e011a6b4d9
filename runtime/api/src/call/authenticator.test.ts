import { describe, expect, it } from 'vitest';
import { createTokenAuthenticator } from './authenticator.ts';

const auth = createTokenAuthenticator(['first-token', 'robot:second-token']);

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('token authentication', () => {
  it.each([
    ['Bearer first-token', ''],
    ['bearer first-token', ''],
    ['Bearer robot:second-token', ''],
    [basic('ada:first-token'), 'ada'],
    [basic('first-token'), ''],
    [basic('first-token:'), ''],
    [basic('robot:second-token'), 'robot'],
    [basic(':first-token'), ''],
  ])('admits %s', (authorization, name) => {
    expect(auth.authenticate(authorization)).toEqual({ name });
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Bearer first-token2',
    'first-token',
    basic('ada:wrong'),
    basic('first-token:wrong'),
    basic(''),
    'Digest first-token',
  ])('refuses %j', (authorization) => {
    expect(() => auth.authenticate(authorization)).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED', hint: expect.stringContaining('Bearer') }),
    );
  });

  it('admits everybody when there are no tokens', () => {
    expect(createTokenAuthenticator([]).authenticate(undefined)).toEqual({ name: '' });
  });

  it('never repeats the credentials', () => {
    expect(() => auth.authenticate('Bearer hunter2')).toThrow(/^(?!.*hunter2)/);
  });
});
