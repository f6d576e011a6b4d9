import { OptimusError, parseProjectName } from '@optimus/domain';
import { core } from '@optimus/proto';
import { createFilesError } from '@optimus/spec';
import { assertDeployable } from '../../change/assert-deployable.ts';
import { listMissingSecrets, toSecretRemark } from '../../change/find-missing-secrets.ts';
import { type NamedRemark, noteJobWarnings, toRemarks } from '../../change/note-job-warnings.ts';
import { toWanted } from '../../change/registration.ts';
import type { Invocation } from '../../command-line/command-spec.ts';
import { findMissingFolders } from '../../config/find-missing-folders.ts';
import { pickNamespaces } from '../../config/pick-namespaces.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { readPresets } from '../../presets/read-presets.ts';
import { toComputeWindow } from '../../presets/to-compute-window.ts';
import { findSelector, selectLocal } from '../../selection/select-jobs.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { VALIDATE_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';
import { noteWarnings } from '../../spec/note-warnings.ts';
import { type NamespaceJobs, readJobs } from '../../spec/read-jobs.ts';

/** `optimus job validate`: first everything that can be told here, then what only the server knows. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const chosen = pickNamespaces(config, flags.texts('namespace', { isList: true }), 'namespace');
  const { cwd } = terminal;
  const presets = await readPresets(config, cwd);
  const folder = readJobs(chosen, { cwd, computeWindow: toComputeWindow(config, presets) });
  const { namespaces, problems, warnings } = folder;
  const missing = findMissingFolders(config, chosen, cwd);
  noteWarnings([...missing.map(({ problem }) => problem), ...warnings], terminal);
  if (problems.length > 0) throw createFilesError('SPEC_INVALID', problems);
  const count = namespaces.reduce((sum, { jobs }) => sum + jobs.length, 0);
  terminal.print(`${count} ${count === 1 ? 'job file is' : 'job files are'} good`);
  if (flags.isSet('offline')) return;
  await withProject(invocation, { timeoutMs: VALIDATE_TIMEOUT_MS }, async (session) => {
    const meant = await choose(invocation, session, namespaces);
    const names = new Set<string>(meant.flatMap(({ jobs }) => jobs.map(({ spec }) => spec.name)));
    await assertDeployable(session, {
      cwd,
      wanted: toWanted(config, chosen, presets),
      folder,
      missing: new Set(missing.map(({ namespace }) => namespace)),
      isMeant: (name) => names.has(name) || findSelector(invocation) === undefined,
    });
    await checkOnServer(invocation, session, { cwd, namespaces: meant });
  });
  terminal.print('the server finds no problem');
}

/** The jobs that `--select` means; all of them without. */
async function choose(
  invocation: Invocation,
  session: ProjectSession,
  namespaces: readonly NamespaceJobs[],
): Promise<readonly NamespaceJobs[]> {
  const selector = findSelector(invocation);
  if (!selector) return namespaces;
  const project = parseProjectName(session.project);
  const chosen = await selectLocal(selector, { cwd: invocation.terminal.cwd, project, namespaces }, session);
  return namespaces.map((own) => ({ ...own, jobs: own.jobs.filter(({ spec }) => chosen.has(spec.name)) }));
}

async function checkOnServer(
  { flags, terminal }: Invocation,
  { client, project }: ProjectSession,
  { cwd, namespaces }: { readonly cwd: string; readonly namespaces: readonly NamespaceJobs[] },
): Promise<void> {
  const refused: string[] = [];
  for (const { namespace, jobs } of namespaces) {
    const answers = client.stream(core.JobSpecificationService.method.checkJobSpecifications, {
      projectName: project,
      namespaceName: namespace.name,
      jobs: jobs.map(({ spec }) => toSpecMessage(spec)),
    });
    const { good, problems, warnings } = await collect(answers);
    const upserts = jobs.map((job) => ({ ...job, namespace: namespace.name }));
    const missingSecrets = await listMissingSecrets({ client, project }, { upserts, isNew: false });
    noteJobWarnings([...warnings, ...missingSecrets.map(toSecretRemark)], {
      jobs: upserts,
      folder: { cwd, namespaces: [namespace] },
      terminal,
    });
    if (flags.isSet('verbose')) for (const line of good) terminal.print(line);
    refused.push(...problems);
  }
  if (refused.length === 0) return;
  throw new OptimusError('SPEC_INVALID', {
    message: ['the server refuses some jobs', ...new Set(refused)].join('\n'),
  });
}

/** The stream may end with an error that sums up the refusals; they say it better. */
async function collect(answers: AsyncIterable<core.CheckJobSpecificationsResponse>) {
  const good: string[] = [];
  const problems: string[] = [];
  const warnings: NamedRemark[] = [];
  try {
    for await (const { success, ack, message, warnings: own } of answers) {
      // The answer with `ack` sums up what the others said.
      if (!ack || (!success && problems.length === 0)) (success ? good : problems).push(message);
      warnings.push(...toRemarks(own));
    }
  } catch (thrown) {
    if (problems.length === 0) throw thrown;
  }
  return { good, problems, warnings };
}
