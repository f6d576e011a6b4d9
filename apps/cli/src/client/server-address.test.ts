import { describe, expect, it } from 'vitest';
import { findAuthorization } from './authorization.ts';
import { parseServerAddress } from './server-address.ts';

describe('an address', () => {
  it.each([
    ['localhost:9100', 'localhost:9100'],
    ['optimus.example.io', 'optimus.example.io:9100'],
    ['[::1]:9100', '[::1]:9100'],
    ['http://localhost:9100/', 'localhost:9100'],
  ])('%s is dialled as %s', (value, target) => {
    expect(parseServerAddress(value)).toEqual({ target, userInfo: undefined });
  });

  it('may hold the password that the server gives its tasks', () => {
    expect(parseServerAddress('task:p%40ss@10.0.0.1:9100')).toEqual({
      target: '10.0.0.1:9100',
      userInfo: 'task:p@ss',
    });
    expect(parseServerAddress('task:100%@10.0.0.1:9100').userInfo).toBe('task:100%');
  });

  it.each(['', 'a b', 'host:port', 'host:123456', 'host/path'])('is refused when it is %j', (value) => {
    expect(() => parseServerAddress(value)).toThrow('must be host:port');
  });

  it('is not shown with its password when it is refused', () => {
    expect(() => parseServerAddress('task:hidden@ho st')).toThrow('--host is "ho st"');
  });
});

describe('identification', () => {
  const bare = { userInfo: undefined };

  it('is a bearer token before anything else', () => {
    const env = { OPTIMUS_AUTH_BEARER_TOKEN: 't', OPTIMUS_AUTH_BASIC_TOKEN: 'u:p' };
    expect(findAuthorization(env, { userInfo: 'x:y' })).toBe('Bearer t');
  });

  it('is a basic token, encoded here', () => {
    expect(findAuthorization({ OPTIMUS_AUTH_BASIC_TOKEN: 'u:p' }, bare)).toBe('Basic dTpw');
  });

  it('is what the address says', () => {
    expect(findAuthorization({}, { userInfo: 'u:p' })).toBe('Basic dTpw');
  });

  it('is absent when nothing gives it', () => {
    expect(findAuthorization({}, bare)).toBeUndefined();
  });
});
