import { type InstanceKey, parseJobName, parseProjectName, RunCredentials } from '@optimus/domain';
import { type Authenticator, type AuthenticatorOptions, createAuthenticator } from '../call/authenticator.ts';

const credentials = new RunCredentials({ appKey: 'a key of the tests', database: 'a database' });

/** The instance of every attempt that the tests give a credential. */
export const OWN_INSTANCE: InstanceKey = {
  project: parseProjectName('sky'),
  job: parseJobName('near-earth-objects'),
  scheduledAt: new Date('2022-09-19T02:00:00Z'),
  instance: { type: 'task', name: 'neo' },
};

/** `user:password` of an attempt, as a server gives it to the attempt. */
export function issueCredential(attemptId: string): string {
  return credentials.issue(attemptId);
}

/** The value of the header by which `user:password` is sent. */
export function toBasic(userInfo: string): string {
  return `Basic ${Buffer.from(userInfo).toString('base64')}`;
}

/** Knows the tokens, and attempt 7, which lives. */
export function makeAuthenticator({ tokens, runs }: Partial<AuthenticatorOptions> = {}): Authenticator {
  const findLiveInstance = async (id: string) => (id === '7' ? OWN_INSTANCE : undefined);
  return createAuthenticator({
    tokens: tokens ?? ['t0ken'],
    credentials,
    runs: runs ?? { findLiveInstance },
  });
}
