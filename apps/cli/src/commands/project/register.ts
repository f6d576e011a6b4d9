import type { Invocation } from '../../command-line/command-spec.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { readPresets } from '../../presets/read-presets.ts';
import { sendNamespaces, sendProject } from '../../session/register.ts';
import { withServer } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus project register`. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const presets = await readPresets(config, terminal.cwd);
  await withServer(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async ({ client }) => {
    await sendProject({ client, terminal }, config, presets);
    terminal.print(`project ${config.project.name} is registered`);
    if (!flags.isSet('with-namespaces')) return;
    await sendNamespaces(client, config.project.name, config.namespaces);
    for (const { name } of config.namespaces) terminal.print(`namespace ${name} is registered`);
  });
}
