import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  scryptSync,
  X509Certificate,
} from 'node:crypto';
import type { Budget } from '../budget.ts';
import { toBytes } from '../bytes.ts';
import {
  callFault,
  defineFunction,
  integer,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { toMap } from '../map-entries.ts';
import type { TemplateValue } from '../template-value.ts';
import { derivePasswordText } from './derived-password.ts';
import { requireBase64 } from './encoding-functions.ts';

/** Sprig's functions of cryptography that answer the same every time; the others are among the refused. */
export const hashFunctions: readonly TemplateFunction[] = [
  ...(['sha1', 'sha256', 'sha512'] as const).map((name) =>
    defineFunction(`${name}sum`, [text], (value) => createHash(name).update(toBytes(value)).digest('hex')),
  ),
  defineFunction('adler32sum', [text], (value) => `${toAdler32(toBytes(value))}`),
  defineFunction('decryptAES', [text, text], decryptAes),
  defineFunction('derivePassword', [integer, text, text, text, text], derivePassword),
  defineFunction('buildCustomCert', [text, text], buildCustomCertificate),
];

const ADLER_MODULUS = 65_521;

function toAdler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % ADLER_MODULUS;
    high = (high + low) % ADLER_MODULUS;
  }
  return high * 65_536 + low;
}

const AES_BLOCK = 16;

// AES-256-CBC; the password is the key itself, cut or filled with zeros, and the first block the initial vector.
function decryptAes(password: string, encrypted: string): string {
  if (encrypted === '') return '';
  const bytes = requireBase64(encrypted, 'the encrypted text');
  if (bytes.length < 2 * AES_BLOCK || bytes.length % AES_BLOCK !== 0) {
    throw callFault('the encrypted text is not whole blocks of AES', 'give what encryptAES made');
  }
  const key = Buffer.alloc(32);
  key.set(toBytes(password).subarray(0, 32));
  const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, AES_BLOCK)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes.subarray(AES_BLOCK)), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding > padded.length) throw callFault('the text cannot be decrypted', 'check the password');
  return padded.subarray(0, padded.length - padding).toString('utf8');
}

/** What deriving a password costs, in steps: it is slow on purpose, a tenth of a second each. */
const DERIVE_STEPS = 500_000;

// The key of Master Password: scrypt of the user's name, then an HMAC of the site and its counter.
function derivePassword(
  counter: bigint,
  kind: string,
  password: string,
  user: string,
  site: string,
  budget: Budget,
): string {
  budget.countSteps(DERIVE_STEPS);
  const scope = Buffer.from('com.lyndir.masterpassword');
  const key = scryptSync(toBytes(password), Buffer.concat([scope, toPrefixed(user)]), 64, {
    N: 32_768,
    r: 8,
    p: 2,
    maxmem: 64 * 1024 * 1024,
  });
  const seed = createHmac('sha256', key)
    .update(Buffer.concat([scope, toPrefixed(site), toUint32(Number(BigInt.asUintN(32, counter)))]))
    .digest();
  return derivePasswordText(kind, seed);
}

function toPrefixed(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([toUint32(bytes.length), bytes]);
}

function toUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function buildCustomCertificate(certificate: string, key: string): TemplateValue {
  const Cert = Buffer.from(requireBase64(certificate, 'the certificate')).toString('utf8');
  const Key = Buffer.from(requireBase64(key, 'the private key')).toString('utf8');
  if (!isParsed(() => new X509Certificate(Cert)))
    throw callFault('the certificate cannot be read', 'give it as PEM');
  if (!isParsed(() => createPrivateKey(Key)))
    throw callFault('the private key cannot be read', 'give it as PEM');
  return toMap(Object.entries({ Cert, Key }));
}

// The reason is not passed on: it may quote the key.
function isParsed(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
