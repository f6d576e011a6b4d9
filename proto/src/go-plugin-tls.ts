import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A self-signed certificate and its key, as each end of an AutoMTLS connection makes one for its own life. */
export interface TlsIdentity {
  /** PEM, with line breaks: what a host puts into `PLUGIN_CLIENT_CERT`. */
  readonly certificate: string;
  /** Base64 of the DER without padding: the sixth field of a plugin's handshake. Go refuses padding. */
  readonly handshakeField: string;
  /** PEM. It never leaves the process. */
  readonly privateKey: string;
}

/** The name both ends verify, whatever the address. */
export const tlsServerName = 'localhost';

const lifetimeMs = 10 * 365 * 24 * 3_600_000;
/** The clocks of both ends are one, but it may be set back a little between them. */
const leewayMs = 30_000;

/** Makes an identity by go-plugin's recipe; with P-256, as some TLS libraries cannot verify its P-521. */
export function createTlsIdentity(now = new Date()): TlsIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = createCertificate(publicKey, privateKey, now);
  return {
    certificate: toPem(der.toString('base64')),
    handshakeField: der.toString('base64').replace(/=+$/, ''),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** The certificate in the sixth field of a handshake, as PEM. */
export function fromHandshakeField(field: string): string {
  return toPem(Buffer.from(field, 'base64').toString('base64'));
}

function toPem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

// The rest is DER (X.690) for the certificate of RFC 5280: Node makes keys and signatures, but no certificates.

const ecdsaWithSha256 = sequence(objectIdentifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

function createCertificate(publicKey: KeyObject, privateKey: KeyObject, now: Date): Buffer {
  const name = createName();
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(createSerial()),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now.getTime() - leewayMs)), time(new Date(now.getTime() + lifetimeMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, createExtensions()),
  );
  return sequence(body, ecdsaWithSha256, bitString(sign('sha256', body, privateKey)));
}

/** Positive, and without a leading zero byte, which DER forbids. */
function createSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function createName(): Buffer {
  const organization = sequence(objectIdentifier(0x55, 0x04, 0x0a), utf8('Optimus'));
  const commonName = sequence(objectIdentifier(0x55, 0x04, 0x03), utf8(tlsServerName));
  return sequence(element(0x31, organization), element(0x31, commonName));
}

function createExtensions(): Buffer {
  const authority = sequence(element(0x01, Buffer.from([0xff])));
  // digitalSignature, keyEncipherment, keyAgreement, keyCertSign
  const usage = element(0x03, Buffer.from([0x02, 0xac]));
  const purposes = sequence(...[1, 2].map((purpose) => objectIdentifier(0x2b, 6, 1, 5, 5, 7, 3, purpose)));
  const names = sequence(element(0x82, Buffer.from(tlsServerName)));
  return sequence(
    extension(0x13, authority),
    extension(0x0f, usage),
    extension(0x25, purposes),
    extension(0x11, names),
  );
}

function extension(number: number, value: Buffer): Buffer {
  return sequence(objectIdentifier(0x55, 0x1d, number), element(0x04, value));
}

/** UTCTime up to 2049, GeneralizedTime from then on. */
function time(moment: Date): Buffer {
  const digits = `${moment.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return moment.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

function sequence(...parts: ReadonlyArray<Buffer>): Buffer {
  return element(0x30, ...parts);
}

function explicit(number: number, value: Buffer): Buffer {
  return element(0xa0 + number, value);
}

function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return element(0x03, Buffer.from([0]), bytes);
}

function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

/** Its bytes as they are encoded. */
function objectIdentifier(...bytes: ReadonlyArray<number>): Buffer {
  return element(0x06, Buffer.from(bytes));
}

function element(tag: number, ...parts: ReadonlyArray<Buffer>): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

function lengthOf({ byteLength }: Buffer): ReadonlyArray<number> {
  if (byteLength < 0x80) return [byteLength];
  return byteLength < 0x100 ? [0x81, byteLength] : [0x82, byteLength >> 8, byteLength & 0xff];
}
