import { describe, expect, it } from 'vitest';
import { RunCredentials } from './run-credential.ts';

const keys = { appKey: 'the key', database: 'd1' };
const credentials = new RunCredentials(keys);
const issued = credentials.issue('42');

describe('the credential of an attempt', () => {
  it('leads back to the attempt, in a form that an address carries as it is', () => {
    expect(credentials.findAttemptId(issued)).toBe('42');
    const { username, password } = new URL(`http://${issued}@127.0.0.1:9100`);
    expect(`${username}:${password}`).toBe(issued);
    expect(encodeURIComponent(username + password)).toBe(username + password);
  });

  it('is the same for every server with the key, and for no other attempt, key or database', () => {
    expect(new RunCredentials(keys).issue('42')).toBe(issued);
    const [, code] = issued.split(':');
    for (const other of [
      credentials.issue('43'),
      new RunCredentials({ ...keys, appKey: 'another key' }).issue('42'),
      new RunCredentials({ ...keys, database: 'd2' }).issue('42'),
    ]) {
      expect(other).not.toContain(code);
    }
    expect(new RunCredentials({ ...keys, database: 'd2' }).findAttemptId(issued)).toBeUndefined();
  });

  it('outlives a change of the key while the server knows the one before', () => {
    const rotated = new RunCredentials({ ...keys, appKey: 'a new key', previousAppKeys: ['the key'] });
    expect(rotated.findAttemptId(issued)).toBe('42');
    expect(credentials.findAttemptId(rotated.issue('42'))).toBeUndefined();
  });

  it.each([
    '',
    'attempt-42',
    'attempt-42:',
    `attempt-042:${issued.split(':')[1]}`,
    `attempt-43:${issued.split(':')[1]}`,
    `${issued}A`,
    issued.slice(0, -1),
    `attempt-42:${'A'.repeat(43)}`,
    ` ${issued}`,
  ])('is not %j', (text) => {
    expect(credentials.findAttemptId(text)).toBeUndefined();
  });

  it('is not in what the object shows of itself', () => {
    expect(JSON.stringify(credentials)).toBe('{}');
  });
});
