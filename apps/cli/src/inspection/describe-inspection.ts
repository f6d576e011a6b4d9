import type { core } from '@optimus/proto';
import { toText } from './inspection-document.ts';

/** An inspected job as people read it: a heading and its lines for each thing there is to say. */
export function describeInspection(answer: core.JobInspectResponse): readonly string[] {
  const { projectName, namespaceName, jobName, isDeployed } = answer;
  const state = isDeployed ? 'deployed' : 'as it would be, deployed now';
  const name = nameWithin(projectName);
  return [
    `job ${jobName} of namespace ${namespaceName}, project ${projectName} (${state})`,
    ...toSection(
      'problems',
      answer.problems.map(({ path, message }) => `${path} ${message}`),
    ),
    ...toSection('writes', answer.destination === '' ? ['nothing known'] : [answer.destination]),
    ...toSection(
      'reads',
      // A wildcard has an edge for each job that writes one of its tables.
      [
        ...unique(answer.waitsFor.filter(({ kind }) => kind === 'inferred').map(({ urn }) => urn)),
        ...answer.unknownReads.map(toUnknownLine),
      ],
      'nothing known',
    ),
    ...toSection(
      'waits for',
      answer.waitsFor.map((wait) => `${toUpstream(wait, name)}: ${wait.reason}`),
      'nothing',
    ),
    ...toSection(
      'waited for by',
      answer.waitedForBy.map((wait) => `${name(wait.projectName, wait.jobName)}: ${wait.reason}`),
      'nobody',
    ),
    ...toTree('upstream', answer.upstream, name),
    ...toTree('downstream', answer.downstream, name),
    ...toSection(
      'next runs',
      answer.nextRuns.map(
        (next) => `${toText(next.scheduledAt)} for ${toText(next.windowStart)} to ${toText(next.windowEnd)}`,
      ),
      'none',
    ),
  ];
}

function toUnknownLine({ place, message }: core.JobInspectResponse_UnknownRead): string {
  const { asset = '', line = 0, column = 0 } = place ?? {};
  return `not known: ${line === 0 ? asset : `${asset}:${line}:${column}`} ${message}`;
}

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)];
}

/** Without lines: what is said instead, or no section at all. */
function toSection(title: string, lines: readonly string[], whenEmpty?: string): readonly string[] {
  const said = lines.length === 0 && whenEmpty !== undefined ? [whenEmpty] : lines;
  return said.length === 0 ? [] : [`${title}:`, ...said.map((line) => `  ${line}`)];
}

/** An endpoint is named by its address, a job of another server as its author named it. */
function toUpstream(wait: core.JobInspectResponse_Wait, name: NameJob): string {
  if (wait.kind === 'http' || wait.kind === 'external') return wait.urn;
  const { upstreamServer: server, upstreamProjectName: project, upstreamJobName: job } = wait;
  return server === '' ? name(project, job) || '(nobody)' : `${server}: ${project}/${job}`;
}

type NameJob = (project: string, job: string) => string;

/** Jobs of other projects are named with theirs. */
function nameWithin(own: string): NameJob {
  return (project, job) => (project === own || job === '' ? job : `${project}/${job}`);
}

/** A tree of one level says nothing that the edges have not said. */
function toTree(
  title: string,
  jobs: readonly core.JobInspectResponse_TreeJob[],
  name: NameJob,
): readonly string[] {
  if (!jobs.some(({ level }) => level > 1)) return [];
  const lines = jobs.map(
    ({ projectName, jobName, level, isRepeated }) =>
      `${'  '.repeat(level - 1)}${name(projectName, jobName)}${isRepeated ? ' (see elsewhere)' : ''}`,
  );
  return toSection(title, lines);
}
