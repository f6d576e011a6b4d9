import { describe, expect, it } from 'vitest';
import { issueCredential, makeAuthenticator, OWN_INSTANCE, toBasic } from '../testing/attempt-credential.ts';

const auth = makeAuthenticator({ tokens: ['first-token', 'robot:second-token'] });

describe('token authentication', () => {
  it.each([
    ['Bearer first-token', ''],
    ['bearer first-token', ''],
    ['Bearer robot:second-token', ''],
    [toBasic('ada:first-token'), 'ada'],
    [toBasic('first-token'), ''],
    [toBasic('first-token:'), ''],
    [toBasic('robot:second-token'), 'robot'],
    [toBasic(':first-token'), ''],
  ])('admits %s', async (authorization, name) => {
    expect(await auth.authenticate(authorization)).toEqual({ name, instance: undefined });
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Bearer first-token2',
    'first-token',
    toBasic('ada:wrong'),
    toBasic('first-token:wrong'),
    toBasic(''),
    'Digest first-token',
  ])('refuses %j', async (authorization) => {
    await expect(auth.authenticate(authorization)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: expect.stringContaining('Bearer'),
    });
  });

  it('admits everybody when there are no tokens', async () => {
    expect(await makeAuthenticator({ tokens: [] }).authenticate(undefined)).toMatchObject({ name: '' });
  });

  it('never repeats the credentials', async () => {
    await expect(auth.authenticate('Bearer hunter2')).rejects.toThrow(/^(?!.*hunter2)/);
  });
});

describe('the credential of an attempt', () => {
  const own = issueCredential('7');
  const [user = '', code = ''] = own.split(':');

  it('tells the instance of the attempt', async () => {
    expect(await auth.authenticate(toBasic(own))).toEqual({ name: 'attempt-7', instance: OWN_INSTANCE });
  });

  it('is refused once the attempt has ended, with the reason and without itself', async () => {
    const refused = auth.authenticate(toBasic(issueCredential('8')));
    await expect(refused).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'attempt 8 has ended, and its credential with it',
    });
    await expect(refused).rejects.not.toThrow(issueCredential('8').slice(-43));
  });

  it.each([
    toBasic(`attempt-8:${code}`),
    toBasic(`${user}:wrong`),
    toBasic(user),
    toBasic(code),
    `Bearer ${code}`,
  ])('is not %s, and no query is spent on that', async (authorization) => {
    const queries: string[] = [];
    const findLiveInstance = async (id: string) => {
      queries.push(id);
      return OWN_INSTANCE;
    };
    const strict = makeAuthenticator({ runs: { findLiveInstance } });
    await expect(strict.authenticate(authorization)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(queries).toEqual([]);
  });
});
