import { OptimusError } from '@optimus/domain';
import { createFilesError } from '@optimus/spec';
import { assertFolders } from '../../change/assert-folders.ts';
import { type Comparison, compareJobs, type FolderJobs } from '../../change/compare-jobs.ts';
import { findDigestMemory } from '../../change/digest-memory.ts';
import { listMissingSecrets, toSecretRemark } from '../../change/find-missing-secrets.ts';
import { noteJobWarnings, toRemarks } from '../../change/note-job-warnings.ts';
import { readDiffering } from '../../change/read-differing.ts';
import { keepChanged, readServer, type ServerProject } from '../../change/read-server.ts';
import { createRefusalError } from '../../change/refusal-error.ts';
import { compareRegistered, type Registered, toWanted } from '../../change/registration.ts';
import { type ChangeAnswer, sendChange } from '../../change/send-change.ts';
import type { Invocation } from '../../command-line/command-spec.ts';
import type { NamespaceConfig } from '../../config/client-config.ts';
import { findMissingFolders, type MissingFolder } from '../../config/find-missing-folders.ts';
import { pickNamespaces } from '../../config/pick-namespaces.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { readPresets } from '../../presets/read-presets.ts';
import { toComputeWindow } from '../../presets/to-compute-window.ts';
import { toPresetLines } from '../../session/register.ts';
import { withServer } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';
import { findMemoryOptions } from '../../spec/find-memory-options.ts';
import { noteWarnings } from '../../spec/note-warnings.ts';
import { type ReadJobs, type ReadJobsDeps, readJobs } from '../../spec/read-jobs.ts';
import { noteSkippedResources } from './note-skipped-resources.ts';
import { noteUnsizedPools } from './note-unsized-pools.ts';

/** Changes of others that a deployment gives way to before it gives up. */
const MOST_TRIES = 3;

/** More jobs than this take long enough to say what is going on. */
const MANY = 500;

/** `optimus deploy`: read everything → compare → send what differs, configuration and jobs in one change. A file that is wrong stops it before anything is sent, unless `--partial`. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const chosen = pickNamespaces(config, flags.texts('namespace-names', { isList: true }), 'namespace-names');
  const presets = await readPresets(config, terminal.cwd);
  const memory = findMemoryOptions(terminal, config, presets);
  const deps = { cwd: terminal.cwd, computeWindow: toComputeWindow(config, presets), memory };
  const folder = flags.isSet('ignore-jobs') ? undefined : readFolder(invocation, chosen, deps);
  if (!flags.isSet('ignore-resources')) await noteSkippedResources(chosen, terminal);
  await withServer(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async ({ client, target: server }) => {
    const project = config.project.name;
    const digests = findDigestMemory(terminal, { server, project });
    const missing = folder ? findMissingFolders(config, chosen, terminal.cwd) : [];
    const target = { client, project, memory: digests, wanted: toWanted(config, chosen, presets), missing };
    await deploy(invocation, target, folder);
  });
  if (folder && folder.problems.length > 0) throw createFilesError('SPEC_INVALID', folder.problems);
}

function readFolder(
  { flags, terminal }: Invocation,
  chosen: readonly NamespaceConfig[],
  deps: ReadJobsDeps,
): ReadJobs {
  const folder = readJobs(chosen, deps);
  noteWarnings(folder.warnings, terminal);
  if (folder.problems.length > 0 && !flags.isSet('partial'))
    throw createFilesError('SPEC_INVALID', folder.problems);
  return folder;
}

interface Target extends ServerProject {
  readonly wanted: Registered;
  /** Folders that nothing may be deleted for. */
  readonly missing: readonly MissingFolder[];
}

async function deploy(invocation: Invocation, target: Target, folder: ReadJobs | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await deployOnce(invocation, target, folder);
    } catch (thrown) {
      // Somebody else deployed between our reading and our change: what differs by now is another change.
      const isOvertaken = thrown instanceof OptimusError && thrown.code === 'VERSION_CONFLICT';
      if (!isOvertaken || attempt === MOST_TRIES) throw thrown;
    }
  }
}

const NO_JOBS: Comparison = { upserts: [], deletions: [], unchanged: [] };

async function deployOnce({ flags, terminal }: Invocation, target: Target, folder: ReadJobs | undefined) {
  const { project, wanted } = target;
  const options = { isPartial: flags.isSet('partial'), isForced: flags.isSet('force'), isDryRun: false };
  const found = await readServer(target);
  const { registered, stored } = found;
  const comparison = folder ? compareJobs(readDiffering(folder, stored), stored) : NO_JOBS;
  assertFolders(target.missing, comparison);
  const isOpen = compareRegistered(project, registered, wanted).length > 0;
  const { upserts, deletions } = comparison;
  if (terminal.isInteractive && upserts.length > MANY) terminal.note(`sending ${upserts.length} jobs …`);
  const isNothing = !isOpen && upserts.length + deletions.length === 0;
  const change = { upserts, deletions, registration: isOpen ? wanted : undefined };
  const missingSecrets = await listMissingSecrets(target, { upserts, isNew: registered === undefined });
  const { refusals, summary } = isNothing ? NOTHING : await sendChange(target, change, options);
  const place = { cwd: terminal.cwd, namespaces: folder?.namespaces.map(({ namespace }) => namespace) ?? [] };
  const remarks = [...toRemarks(summary?.warnings ?? []), ...missingSecrets.map(toSecretRemark)];
  noteJobWarnings(remarks, { jobs: upserts, folder: place, terminal });
  const refused = new Set(refusals.map(({ jobName }) => jobName));
  const { isPartial } = options;
  const refusal = {
    refusals,
    upserts,
    folder: place,
    problems: folder?.problems ?? [],
    outcome: isPartial ? 'the other jobs are deployed' : 'nothing is changed',
  };
  if (refused.size > 0 && !isPartial) throw createRefusalError(refusal);
  const made = upserts.filter(({ spec }) => !refused.has(spec.name));
  const gone = deletions.filter(({ name }) => !refused.has(name));
  keepChanged(target.memory, found, { upserts: made, deletions: gone, summary });
  noteUnsizedPools(upserts, wanted, terminal);
  noteWarnings(
    target.missing.map(({ problem }) => problem),
    terminal,
  );
  const presetLines = summary?.presetChange ? toPresetLines(summary.presetChange) : [];
  const jobLines = folder ? toSummaryLines(folder, comparison, refused) : [];
  for (const line of [...presetLines, toRegisteredLine(target), ...jobLines]) terminal.print(line);
  if (refused.size > 0) throw createRefusalError(refusal);
}

const NOTHING: ChangeAnswer = { refusals: [], summary: undefined };

/** A line for each namespace: what became of its jobs. */
function toSummaryLines(
  { namespaces }: FolderJobs,
  { upserts, deletions, unchanged }: Comparison,
  refused: ReadonlySet<string>,
): readonly string[] {
  const unchangedOf = Map.groupBy(unchanged, ({ namespace }) => namespace);
  return namespaces.map(({ namespace: { name } }) => {
    const stored = upserts.filter((job) => job.namespace === name && !refused.has(job.spec.name));
    const moved = stored.filter(({ movedFrom }) => movedFrom !== undefined).length;
    const created = stored.filter(({ basis }) => basis === undefined).length;
    const counts = [
      `${created} created`,
      `${stored.length - created - moved} changed`,
      ...(moved === 0 ? [] : [`${moved} moved`]),
      `${unchangedOf.get(name)?.length ?? 0} unchanged`,
      `${deletions.filter((job) => job.namespace === name && !refused.has(job.name)).length} deleted`,
    ];
    return `jobs with namespace [${name}] are deployed successfully: ${counts.join(', ')}`;
  });
}

function toRegisteredLine({ project, wanted }: Target): string {
  const names = Object.keys(wanted.namespaces);
  return `registered project ${project}${names.length === 0 ? '' : ` and namespaces ${names.join(', ')}`}`;
}
