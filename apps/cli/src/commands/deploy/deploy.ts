import { createFilesError } from '@optimus/spec';
import type { Invocation } from '../../command-line/command-spec.ts';
import type { ClientConfig, NamespaceConfig } from '../../config/client-config.ts';
import { pickNamespaces } from '../../config/pick-namespaces.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { readPresets } from '../../presets/read-presets.ts';
import { toComputeWindow } from '../../presets/to-compute-window.ts';
import { sendNamespaces, sendProject } from '../../session/register.ts';
import { withServer } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';
import { type NamespaceJobs, type ReadJobsDeps, readJobs } from '../../spec/read-jobs.ts';
import { noteSkippedResources } from './note-skipped-resources.ts';
import { sendJobs } from './send-jobs.ts';

/** `optimus deploy`: read everything → register → send. A file that is wrong stops it before anything is sent. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const names = flags.texts('namespace-names', { isList: true });
  const chosen = pickNamespaces(config, names, 'namespace-names');
  const presets = await readPresets(config, terminal.cwd);
  const namespaces = flags.isSet('ignore-jobs')
    ? []
    : await readSoundJobs(chosen, { cwd: terminal.cwd, computeWindow: toComputeWindow(config, presets) });
  if (!flags.isSet('ignore-resources')) await noteSkippedResources(chosen, terminal);
  await withServer(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async ({ client }) => {
    await sendProject({ client, terminal }, config, presets);
    await sendNamespaces(client, config.project.name, chosen);
    noteRegistered(invocation, config, chosen);
    const project = config.project.name;
    await sendJobs({ client, project, namespaces, terminal, isVerbose: flags.isSet('verbose') });
  });
}

async function readSoundJobs(
  chosen: readonly NamespaceConfig[],
  deps: ReadJobsDeps,
): Promise<readonly NamespaceJobs[]> {
  const { namespaces, problems } = await readJobs(chosen, deps);
  if (problems.length > 0) throw createFilesError('SPEC_INVALID', problems);
  return namespaces;
}

function noteRegistered(
  { terminal }: Invocation,
  { project }: ClientConfig,
  namespaces: readonly NamespaceConfig[],
): void {
  const names = namespaces.map(({ name }) => name);
  const rest = names.length === 0 ? '' : ` and namespaces ${names.join(', ')}`;
  terminal.print(`registered project ${project.name}${rest}`);
}
