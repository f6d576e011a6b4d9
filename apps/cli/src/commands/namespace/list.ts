import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus namespace list`: what is here and what is there, so that a missing registration shows. */
export async function run(invocation: Invocation): Promise<void> {
  const rows = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, listBoth);
  await printListing(invocation, {
    rows,
    columns: [
      { title: 'NAMESPACE NAME', show: ({ name }) => name },
      { title: 'AVAILABLE IN LOCAL', show: ({ isLocal }) => String(isLocal) },
      { title: 'REGISTERED IN SERVER', show: ({ isRegistered }) => String(isRegistered) },
    ],
    whenEmpty: 'there are no namespaces, neither here nor on the server',
  });
}

async function listBoth({ client, config, project }: ProjectSession) {
  const { namespaces } = await client.read(core.NamespaceService.method.listProjectNamespaces, {
    projectName: project,
  });
  const registered = new Set(namespaces.map(({ name }) => name));
  // The file lists the namespaces of its own project alone.
  const local = new Set(config?.project.name === project ? config.namespaces.map(({ name }) => name) : []);
  return [...new Set([...local, ...registered])]
    .toSorted()
    .map((name) => ({ name, isLocal: local.has(name), isRegistered: registered.has(name) }));
}
