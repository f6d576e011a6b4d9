// node:crypto is allowed here: a code that authenticates a text is pure, and forging one would read somebody's secrets.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { invariant } from '../error/invariant.ts';

/** What credentials are made from. */
export interface RunCredentialKeys {
  readonly appKey: string;
  /** Keys under which attempts that still run may have been started. */
  readonly previousAppKeys?: readonly string[];
  /** The identity of the database: attempts count from 1 in each, and two of them may share a key. */
  readonly database: string;
}

/**
 * Credentials of attempts, as `user:password` that fits an address without encoding: `attempt-<id>:<HMAC-SHA-256 of the id,
 * base64url>`. Nothing is stored. The code says which attempt a caller is; whether that attempt still lives, the store does. The
 * fence is no part of it: it grows when a restarted server takes its tasks up again, and they must not lose their credential by that.
 */
export class RunCredentials {
  readonly #current: Buffer;
  readonly #keys: readonly Buffer[];

  constructor({ appKey, previousAppKeys = [], database }: RunCredentialKeys) {
    const derive = (key: string): Buffer =>
      Buffer.from(hkdfSync('sha256', key, database, 'optimus run credential', 32));
    this.#current = derive(appKey);
    this.#keys = [this.#current, ...previousAppKeys.map(derive)];
  }

  /** The credential of an attempt. It is a secret: it belongs into the attempt's environment and nowhere else. */
  issue(attemptId: string): string {
    const credential = `attempt-${attemptId}:${sign(this.#current, attemptId).toString('base64url')}`;
    invariant(CREDENTIAL.test(credential), `attempt id ${JSON.stringify(attemptId)} is a number`);
    return credential;
  }

  /** The id of the attempt whose credential the text is; undefined for every other text. */
  findAttemptId(text: string): string | undefined {
    const [, attemptId, code] = CREDENTIAL.exec(text) ?? [];
    if (attemptId === undefined || code === undefined) return undefined;
    const given = Buffer.from(code, 'base64url');
    const isKnown = this.#keys.map((key) => timingSafeEqual(given, sign(key, attemptId))).includes(true);
    return isKnown ? attemptId : undefined;
  }
}

/** 43 characters of base64url are the 32 bytes of a code. */
const CREDENTIAL = /^attempt-(\d{1,19}):([\w-]{43})$/;

function sign(key: Buffer, attemptId: string): Buffer {
  return createHmac('sha256', key).update(attemptId).digest();
}
