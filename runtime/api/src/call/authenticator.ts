import { createHash, timingSafeEqual } from 'node:crypto';
import { OptimusError, type RunCredentials, type RunStore } from '@optimus/domain';
import type { Caller } from './call.ts';

/** Decides who a caller is. */
export interface Authenticator {
  /** @param authorization value of the header of that name. @throws OptimusError `UNAUTHENTICATED` */
  authenticate(authorization: string | undefined): Promise<Caller>;
}

/** Admits everybody: for a server that only its own machine reaches. */
export const OPEN_ACCESS: Authenticator = Object.freeze({
  authenticate: () => Promise.resolve({ name: '', instance: undefined }),
});

/** What an authenticator knows callers by. */
export interface AuthenticatorOptions {
  /** Whoever has one may do everything. None: everybody is admitted. */
  readonly tokens: readonly string[];
  /** Who has one of these is a running attempt and may ask for the context of its instance. */
  readonly credentials: RunCredentials;
  readonly runs: Pick<RunStore, 'findLiveInstance'>;
}

/**
 * Admits who has one of the tokens, as `Bearer <token>` or as `Basic` with the token as password, as user name, or written
 * `user:token` in whole; and who has the credential of an attempt, as `Basic`, for as long as the attempt lives.
 */
export function createAuthenticator({ tokens, credentials, runs }: AuthenticatorOptions): Authenticator {
  if (tokens.length === 0) return OPEN_ACCESS;
  const digests = tokens.map(toDigest);
  return {
    async authenticate(authorization) {
      const { name, secrets } = parseAuthorization(authorization);
      const isKnown = secrets.map((secret) => includesDigest(digests, secret)).includes(true);
      if (isKnown) return { name, instance: undefined };
      const attemptId = secrets.map((secret) => credentials.findAttemptId(secret)).find(Boolean);
      if (attemptId === undefined) throw toRefusal(authorization);
      const instance = await runs.findLiveInstance(attemptId);
      if (!instance) throw toEndedRefusal(attemptId);
      return { name: `attempt-${attemptId}`, instance };
    },
  };
}

/** @throws OptimusError `PERMISSION_DENIED` when the caller is an attempt: it has its own context and nothing else */
export function assertUnlimited({ name, instance }: Caller, what: string): void {
  if (instance === undefined) return;
  throw new OptimusError('PERMISSION_DENIED', {
    message: `the credential of ${name} asks for the context of its own instance and does not reach ${what}`,
    hint: 'use a token of serve.auth.tokens (the command reads OPTIMUS_AUTH_BEARER_TOKEN)',
  });
}

interface Credentials {
  readonly name: string;
  /** Each of which may be the token. */
  readonly secrets: readonly string[];
}

function parseAuthorization(authorization = ''): Credentials {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { name: '', secrets: [value] };
  if (scheme.toLowerCase() !== 'basic') return { name: '', secrets: [] };
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return { name: '', secrets: [text] };
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return password === '' ? { name: '', secrets: [user] } : { name: user, secrets: [password, text] };
}

/** Digests have one length, and every one is compared: the time tells nothing about the tokens. */
function includesDigest(digests: readonly Buffer[], secret: string): boolean {
  const digest = toDigest(secret);
  return digests.map((known) => timingSafeEqual(known, digest)).includes(true);
}

function toDigest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function toRefusal(authorization: string | undefined): OptimusError {
  return new OptimusError('UNAUTHENTICATED', {
    message:
      authorization === undefined ? 'the call carries no credentials' : 'the credentials are not accepted',
    hint: 'send "Authorization: Bearer <token>" with a token of serve.auth.tokens (the command reads OPTIMUS_AUTH_BEARER_TOKEN)',
  });
}

/** Said to holders of a true credential alone. */
function toEndedRefusal(attemptId: string): OptimusError {
  return new OptimusError('UNAUTHENTICATED', {
    message: `attempt ${attemptId} has ended, and its credential with it`,
    hint: 'take OPTIMUS_HOSTNAME from the environment of the running task',
    fields: { attempt: attemptId },
  });
}
