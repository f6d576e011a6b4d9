import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { withServer } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus project list`. */
export async function run(invocation: Invocation): Promise<void> {
  const { projects } = await withServer(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client }) =>
    client.read(core.ProjectService.method.listProjects, {}),
  );
  await printListing(invocation, {
    rows: projects.map(({ name, config }) => ({ name, config })),
    columns: [
      { title: 'NAME', show: ({ name }) => name },
      { title: 'CONFIG', show: ({ config }) => Object.keys(config).join(', ') },
    ],
    whenEmpty: 'the server has no projects; register one with: optimus project register',
  });
}
