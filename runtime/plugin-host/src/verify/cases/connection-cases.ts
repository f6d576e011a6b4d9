import { status } from '@grpc/grpc-js';
import { createTlsIdentity } from '@optimus/proto/go-plugin-tls';
import { Health, HealthCheckResponse_ServingStatus } from '@optimus/proto/grpc';
import { isServiceError } from '../../connection/call-failure.ts';
import type { PluginConnection } from '../../connection/plugin-connection.ts';
import type { ConformanceCase, Finding } from '../conformance-case.ts';
import { createStranger, PluginSession } from '../plugin-session.ts';
import type { VerifiedPlugin } from '../verified-plugin.ts';

const timeoutMs = 5000;

const healthCase: ConformanceCase<VerifiedPlugin> = {
  id: 'connection.health',
  expects: 'answers grpc.health.v1.Health/Check for the service "plugin" with SERVING',
  mend: 'serve grpc.health.v1.Health, and set the status of "plugin" to SERVING',
  async check(plugin) {
    const { connection } = await plugin.open();
    const health = await askHealth(connection);
    return health === HealthCheckResponse_ServingStatus.SERVING
      ? undefined
      : { failed: `answers with another status (${health})` };
  },
};

async function askHealth(connection: PluginConnection): Promise<HealthCheckResponse_ServingStatus> {
  const { method, typeName: servedAs } = Health;
  const request = { service: 'plugin' };
  return (await connection.call({ method: method.check, servedAs, request, timeoutMs })).status;
}

/** Whether it is an Optimus plugin; without this no mod can be asked. */
export const dialectCase: ConformanceCase<VerifiedPlugin> = {
  id: 'connection.api',
  expects: 'serves the Optimus plugin API under a name that hosts know, and says who it is',
  mend: 'serve odpf.optimus.plugins.v1beta1.BaseService, and reflection if you can',
  async check(plugin) {
    await plugin.findDialect();
    return undefined;
  },
};

const stdioCase: ConformanceCase<VerifiedPlugin> = {
  id: 'connection.output',
  expects: 'lets the host read what it prints through plugin.GRPCStdio, for as long as it runs',
  mend: 'keep the stream of plugin.GRPCStdio open until the plugin ends',
  async check(plugin) {
    const { output } = await plugin.open();
    if (output.isServed) return undefined;
    return { skipped: 'it does not serve GRPCStdio; what it prints to its own standard output is read' };
  },
};

const tlsCase: ConformanceCase<VerifiedPlugin> = {
  id: 'connection.tls',
  expects: 'given PLUGIN_CLIENT_CERT, speaks TLS with that host and with nobody else',
  mend: 'require a client certificate, and trust none but that of PLUGIN_CLIENT_CERT',
  check: (plugin) => checkTls(plugin),
};

async function checkTls({ launchOptions }: VerifiedPlugin): Promise<Finding> {
  const session = await PluginSession.open(launchOptions, { identity: createTlsIdentity() });
  try {
    if (session.handshake.certificate === undefined)
      return { skipped: 'it does not support AutoMTLS; hosts with plugin.auto_mtls refuse it' };
    const problem = await findUnreachable(session.connection);
    if (problem !== undefined)
      return { failed: `announces a certificate, but cannot be spoken to: ${problem}` };
    for (const security of ['none', 'tls'] as const) {
      const who = security === 'none' ? 'whoever connects without TLS' : 'a host with another certificate';
      if (await letsIn(createStranger(session.handshake, security))) return { failed: `answers ${who}` };
    }
    return undefined;
  } finally {
    await session.close();
  }
}

/** Anything that the plugin itself answers shows that it can be reached. */
async function findUnreachable(connection: PluginConnection): Promise<string | undefined> {
  try {
    await askHealth(connection);
    return undefined;
  } catch (error) {
    const isReached = isServiceError(error) && [status.UNIMPLEMENTED, status.NOT_FOUND].includes(error.code);
    return isReached ? undefined : String(error);
  }
}

async function letsIn(stranger: PluginConnection): Promise<boolean> {
  try {
    return (await findUnreachable(stranger)) === undefined;
  } finally {
    stranger.close();
  }
}

/** On the running plugin. */
export const connectionCases = [healthCase, stdioCase] as const;

/** In processes of their own. */
export const securityCases = [tlsCase] as const;
