import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { withServer } from '../../session/server-session.ts';
import { CLI_VERSION } from '../../version.ts';

const TIMEOUT_MS = 5_000;

/** The version of the server and where it answers. @throws OptimusError `SERVER_UNREACHABLE` */
export function askServerVersion(
  invocation: Invocation,
): Promise<{ readonly version: string; readonly target: string }> {
  return withServer(invocation, { timeoutMs: TIMEOUT_MS }, async ({ client, target }) => {
    const { server } = await client.read(core.RuntimeService.method.version, { client: CLI_VERSION });
    return { version: server, target };
  });
}
