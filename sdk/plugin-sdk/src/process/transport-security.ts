import { ServerCredentials } from '@grpc/grpc-js';
import { createTlsIdentity } from '@optimus/proto/go-plugin-tls';
import type { Environment } from './handshake.ts';

/** How the server proves who it is, and whom it lets in. */
export interface TransportSecurity {
  readonly credentials: ServerCredentials;
  /** For the handshake; empty without TLS. */
  readonly certificate: string;
}

/** A host that gives its certificate wants TLS, with itself as the only client; all others want none. */
export function createTransportSecurity(env: Environment): TransportSecurity {
  const hostCertificate = env['PLUGIN_CLIENT_CERT'];
  if (!hostCertificate) return { credentials: ServerCredentials.createInsecure(), certificate: '' };
  const { certificate, privateKey, handshakeField } = createTlsIdentity();
  const pair = { private_key: Buffer.from(privateKey), cert_chain: Buffer.from(certificate) };
  const credentials = ServerCredentials.createSsl(Buffer.from(hostCertificate), [pair], true);
  return { credentials, certificate: handshakeField };
}
