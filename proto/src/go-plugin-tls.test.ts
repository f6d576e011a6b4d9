import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTlsIdentity, fromHandshakeField, tlsServerName } from './go-plugin-tls.ts';

test('a certificate is one that TLS libraries read, for its key and its name', () => {
  const { certificate, privateKey } = createTlsIdentity(new Date('2026-01-01T00:00:00Z'));
  const read = new X509Certificate(certificate);
  expect(read.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkHost(tlsServerName)).toBe(tlsServerName);
  expect(read.ca).toBe(true);
  expect(read.validFromDate).toEqual(new Date('2025-12-31T23:59:30Z'));
  expect(read.validToDate.getUTCFullYear()).toBe(2035);
});

test('a certificate may outlast 2049, where its notation of time changes', () => {
  const { certificate } = createTlsIdentity(new Date('2045-01-01T00:00:00Z'));
  expect(new X509Certificate(certificate).validToDate.getUTCFullYear()).toBe(2054);
});

test('the field of the handshake has no padding and gives the certificate back', () => {
  const fields = Array.from({ length: 8 }, () => createTlsIdentity());
  for (const { handshakeField, certificate } of fields) {
    expect(handshakeField).not.toContain('=');
    expect(fromHandshakeField(handshakeField)).toBe(certificate);
  }
});

test('every identity has a number and a key of its own', () => {
  const [one, other] = [createTlsIdentity(), createTlsIdentity()];
  expect(one.privateKey).not.toBe(other.privateKey);
  const serials = [one, other].map(({ certificate }) => new X509Certificate(certificate).serialNumber);
  expect(new Set(serials).size).toBe(2);
});
