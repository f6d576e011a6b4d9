import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { OptimusError, type SecretScope } from '@optimus/domain';

/** Which secret a value belongs to. It is authenticated with the value, so a ciphertext copied to another row does not decrypt. */
export interface SecretAddress extends SecretScope {
  readonly name: string;
}

// Layout: format (1 byte), id of the key (8), nonce (12), tag (16), ciphertext.
const FORMAT = 1;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

interface Key {
  readonly id: Buffer;
  readonly encryption: Buffer;
  readonly digest: Buffer;
}

/** Encrypts and decrypts secrets: AES-256-GCM under keys derived from application keys by HKDF-SHA-256. */
export class SecretCipher {
  readonly #current: Key;
  readonly #keys: readonly Key[];

  /** The first application key encrypts; all of them decrypt. */
  constructor(appKey: string, previousAppKeys: readonly string[] = []) {
    this.#current = deriveKey(appKey);
    this.#keys = [this.#current, ...previousAppKeys.map(deriveKey)];
  }

  /** How everything that is encrypted under the present key begins, and nothing else. */
  get prefix(): Buffer {
    return Buffer.concat([Buffer.of(FORMAT), this.#current.id]);
  }

  encrypt(address: SecretAddress, value: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#current.encryption, nonce);
    cipher.setAAD(toAssociatedData(address));
    const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([this.prefix, nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** @throws OptimusError `SECRET_UNREADABLE` when it was encrypted under an unknown key, for another secret, or was damaged */
  decrypt(address: SecretAddress, sealed: Buffer): string {
    const key = this.#keys.find((candidate) => candidate.id.equals(sealed.subarray(1, 1 + KEY_ID_BYTES)));
    if (key === undefined || sealed[0] !== FORMAT)
      throw unreadableError(address, 'it was encrypted under another app_key');
    try {
      return decryptWith(key, toAssociatedData(address), sealed);
    } catch (cause) {
      throw unreadableError(address, 'its ciphertext was damaged or belongs to another secret', cause);
    }
  }

  /** A keyed digest: equal values have equal digests, and nobody without the key can test a guess. */
  digest(value: string): string {
    return createHmac('sha256', this.#current.digest).update(value, 'utf8').digest('hex').slice(0, 32);
  }
}

function decryptWith(key: Key, associatedData: Buffer, sealed: Buffer): string {
  const nonceStart = 1 + KEY_ID_BYTES;
  const tagStart = nonceStart + NONCE_BYTES;
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(
    'aes-256-gcm',
    key.encryption,
    sealed.subarray(nonceStart, tagStart),
    options,
  );
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.subarray(tagStart, HEADER_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]).toString('utf8');
}

function deriveKey(appKey: string): Key {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', appKey, '', `optimus secret ${purpose}`, bytes));
  return {
    id: derive('key id', KEY_ID_BYTES),
    encryption: derive('encryption', 32),
    digest: derive('digest', 32),
  };
}

function toAssociatedData({ project, namespace, name }: SecretAddress): Buffer {
  return Buffer.from(JSON.stringify([project, namespace ?? null, name]));
}

function unreadableError(address: SecretAddress, reason: string, cause?: unknown): OptimusError {
  return new OptimusError('SECRET_UNREADABLE', {
    message: `secret ${JSON.stringify(address.name)} of project ${JSON.stringify(address.project)} cannot be decrypted: ${reason}`,
    hint: 'give the server the app_key under which it was stored, in serve.previous_app_keys, or set the secret again',
    fields: { project: address.project, secret: address.name },
    cause,
  });
}
