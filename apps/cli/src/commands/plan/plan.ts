import { createFilesError } from '@optimus/spec';
import { assertFolders } from '../../change/assert-folders.ts';
import { type Comparison, compareJobs } from '../../change/compare-jobs.ts';
import { describeChange, toPlanLines } from '../../change/describe-change.ts';
import { findDigestMemory } from '../../change/digest-memory.ts';
import { listMissingSecrets } from '../../change/find-missing-secrets.ts';
import { noteJobWarnings, toRemarks } from '../../change/note-job-warnings.ts';
import { type PlannedRegistration, writePlan } from '../../change/plan-file.ts';
import { readDiffering } from '../../change/read-differing.ts';
import { readServer } from '../../change/read-server.ts';
import { createRefusalError, type JobsFolder } from '../../change/refusal-error.ts';
import {
  compareRegistered,
  type DescribedRegistration,
  narrowTo,
  toWanted,
} from '../../change/registration.ts';
import { sendChange } from '../../change/send-change.ts';
import type { ApiClient } from '../../client/api-client.ts';
import type { Invocation } from '../../command-line/command-spec.ts';
import { findMissingFolders } from '../../config/find-missing-folders.ts';
import { pickNamespaces } from '../../config/pick-namespaces.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { readPresets } from '../../presets/read-presets.ts';
import { toComputeWindow } from '../../presets/to-compute-window.ts';
import { withServer } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';
import { findMemoryOptions } from '../../spec/find-memory-options.ts';
import { noteWarnings } from '../../spec/note-warnings.ts';
import { readJobs } from '../../spec/read-jobs.ts';

/** The exit code that says that there is something to deploy. */
const CHANGES = 2;

/** `optimus plan`: what a deployment would change, by a dry run of it. Changes nothing. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const chosen = pickNamespaces(config, flags.texts('namespace-names', { isList: true }), 'namespace-names');
  const presets = await readPresets(config, terminal.cwd);
  const jobMemory = findMemoryOptions(terminal, config, presets);
  const computeWindow = toComputeWindow(config, presets);
  const folder = readJobs(chosen, { cwd: terminal.cwd, computeWindow, memory: jobMemory });
  noteWarnings(folder.warnings, terminal);
  if (folder.problems.length > 0) throw createFilesError('SPEC_INVALID', folder.problems);
  return withServer(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async ({ client, target }) => {
    const project = config.project.name;
    const memory = findDigestMemory(terminal, { server: target, project });
    const { registered, stored } = await readServer({ client, project, memory });
    const comparison = compareJobs(readDiffering(folder, stored), stored);
    const missing = findMissingFolders(config, chosen, terminal.cwd);
    assertFolders(missing, comparison);
    noteWarnings(
      missing.map(({ problem }) => problem),
      terminal,
    );
    const wanted = toWanted(config, chosen, presets);
    const registrations = compareRegistered(project, registered, wanted);
    const before = narrowTo(wanted, registered);
    const registration = registrations.length === 0 ? undefined : { before, wanted };
    const place = { cwd: terminal.cwd, namespaces: chosen };
    return present(
      invocation,
      { client, project, folder: place },
      { ...comparison, registrations, registration },
    );
  });
}

interface PlannedChange extends Comparison {
  readonly registrations: readonly DescribedRegistration[];
  readonly registration: PlannedRegistration | undefined;
}

async function present(
  invocation: Invocation,
  target: { readonly client: ApiClient; readonly project: string; readonly folder: JobsFolder },
  planned: PlannedChange,
): Promise<number> {
  const { flags, terminal } = invocation;
  const { upserts, deletions, registration, registrations } = planned;
  const isForced = flags.isSet('force');
  const { summary, refusals } = await sendChange(
    target,
    { upserts, deletions, registration: registration?.wanted },
    { isPartial: false, isForced, isDryRun: true },
  );
  noteJobWarnings(toRemarks(summary?.warnings ?? []), { jobs: upserts, folder: target.folder, terminal });
  if (refusals.length > 0) {
    const { folder } = target;
    const outcome = 'nothing is changed';
    throw createRefusalError({ refusals, upserts, folder, problems: [], outcome });
  }
  const isNew = registration !== undefined && registration.before === undefined;
  const missingSecrets = await listMissingSecrets(target, { upserts, isNew });
  const change = describeChange(target.project, planned, { summary, missingSecrets, registrations });
  const { form, file } = readOutput(invocation);
  if (form === 'json') terminal.print(JSON.stringify(change, null, 2));
  else for (const line of toPlanLines(change)) terminal.print(line);
  if (file !== undefined) {
    const createdAt = terminal.now().toISOString();
    await writePlan(file, {
      project: target.project,
      createdAt,
      isForced,
      registration,
      upserts,
      deletions,
    });
    terminal.note(`the plan is in ${file}; make it with: optimus apply ${file}`);
  }
  return registrations.length + upserts.length + deletions.length === 0 ? 0 : CHANGES;
}

/** `-o` names a form, or the file that the plan is written to. */
function readOutput({ flags }: Invocation): {
  readonly form: 'text' | 'json';
  readonly file: string | undefined;
} {
  const output = flags.text('output') ?? 'text';
  if (output === 'json' || output === 'text') return { form: output, file: flags.text('out') };
  return { form: 'text', file: output };
}
