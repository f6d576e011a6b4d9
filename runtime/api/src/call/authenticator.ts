import { createHash, timingSafeEqual } from 'node:crypto';
import { OptimusError } from '@optimus/domain';
import type { Caller } from './call.ts';

/** Decides who a caller is. */
export interface Authenticator {
  /** @param authorization value of the header of that name. @throws OptimusError `UNAUTHENTICATED` */
  authenticate(authorization: string | undefined): Caller;
}

/** Admits everybody: for a server that only its own machine reaches. */
export const OPEN_ACCESS: Authenticator = Object.freeze({ authenticate: () => ({ name: '' }) });

/**
 * Admits who has one of the tokens, as `Bearer <token>` or as `Basic` with the token as password, as user name, or written
 * `user:token` in whole. Without tokens everybody is admitted.
 */
export function createTokenAuthenticator(tokens: readonly string[]): Authenticator {
  if (tokens.length === 0) return OPEN_ACCESS;
  const digests = tokens.map(toDigest);
  return {
    authenticate(authorization) {
      const credentials = parseAuthorization(authorization);
      const isKnown = credentials.secrets.map((secret) => includesDigest(digests, secret)).includes(true);
      if (isKnown) return { name: credentials.name };
      throw toRefusal(authorization);
    },
  };
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
