import type { Invocation } from '../../command-line/command-spec.ts';
import { pickNamespaces } from '../../config/pick-namespaces.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { sendNamespaces } from '../../session/register.ts';
import { withServer } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus namespace register`. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const name = flags.text('name');
  const chosen = pickNamespaces(config, name === undefined ? [] : [name], 'name');
  await withServer(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client }) =>
    sendNamespaces(client, config.project.name, chosen),
  );
  for (const namespace of chosen) terminal.print(`namespace ${namespace.name} is registered`);
}
