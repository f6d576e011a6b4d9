import { diffSpecs, type JobSpec, OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import { toChangeLines } from '../../change/to-change-lines.ts';
import type { Invocation } from '../../command-line/command-spec.ts';
import { toText } from '../../inspection/inspection-document.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { fromSpecMessage } from '../../spec/job-spec-message.ts';

const { getJobChangelog, getJobVersion } = core.JobSpecificationService.method;

/** `optimus job diff`: what one version changed of another; by default the newest of the one before it. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(invocation, { scope: 'deployed', form: 'text' }, show);
}

async function show(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const form = flags.choice('output', ['text', 'json'] as const) ?? 'text';
  const versions = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const to = flags.count('to', 1) ?? (await findNewest(session, jobName));
    const from = flags.count('from', 1) ?? to - 1;
    if (from < 1) return undefined;
    return Promise.all([getVersion(session, jobName, from), getVersion(session, jobName, to)]);
  });
  if (!versions)
    return terminal.note(`version 1 of job ${jobName} is its first: there is none to compare it with`);
  const [before, after] = versions;
  const changes = diffSpecs(before.spec, after.spec);
  if (form === 'json') return terminal.print(JSON.stringify(changes, null, 2));
  for (const version of [before, after]) terminal.note(toOriginLine(version));
  if (changes.length === 0) terminal.note('the versions are equal');
  for (const line of changes.flatMap(toChangeLines)) terminal.print(line);
}

async function findNewest({ client, project }: ProjectSession, jobName: string): Promise<number> {
  const asked = { projectName: project, jobName, pageSize: 1 };
  const { history } = await client.read(getJobChangelog, asked);
  return history[0]?.number ?? 0;
}

interface Version {
  readonly number: number;
  readonly origin: core.JobVersion | undefined;
  readonly spec: JobSpec;
}

async function getVersion(
  { client, project }: ProjectSession,
  jobName: string,
  number: number,
): Promise<Version> {
  const { spec, version } = await client.read(getJobVersion, { projectName: project, jobName, number });
  if (spec) return { number, origin: version, spec: fromSpecMessage(spec) };
  throw new OptimusError('INVARIANT_BROKEN', {
    message: `version ${number} of ${jobName} came without its job`,
  });
}

function toOriginLine({ number, origin }: Version): string {
  const author = origin?.author ? ` by ${origin.author}` : '';
  return `version ${number}: stored ${toText(origin?.time)}${author}`;
}
