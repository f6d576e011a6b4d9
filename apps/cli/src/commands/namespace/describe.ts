import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { printDocument } from '../../output/print-listing.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus namespace describe`. */
export async function run(invocation: Invocation): Promise<void> {
  const name = invocation.flags.text('name');
  if (name === undefined) throw createUsageError('name', 'is not given', 'name the namespace');
  const { namespace } = await withProject(
    invocation,
    { timeoutMs: SHORT_TIMEOUT_MS },
    ({ client, project }) =>
      client.read(core.NamespaceService.method.getNamespace, { projectName: project, namespaceName: name }),
  );
  await printDocument(invocation, { name: namespace?.name ?? name, config: namespace?.config ?? {} });
}
