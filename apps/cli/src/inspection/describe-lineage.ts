import type { core } from '@optimus/proto';

/** What of the request the answer is read by. */
export interface LineageQuestion {
  readonly column: string;
  readonly direction: 'upstream' | 'downstream';
}

/** Column lineage as people read it: of all columns, or the way of one. */
export function describeLineage(
  answer: core.GetJobLineageResponse,
  { column, direction }: LineageQuestion,
): readonly string[] {
  const { jobName, projectName, versionNumber, destination } = answer;
  const isKnown = answer.computedAt !== undefined;
  return [
    `job ${jobName} of project ${projectName}, version ${versionNumber}, writes ${destination || 'nothing known'}`,
    ...(answer.isPending ? [`lineage is being computed${isKnown ? ' anew' : '; ask again soon'}`] : []),
    ...(column === '' ? describeColumns(answer) : describeSteps(answer, direction)),
    ...toSection('problems', answer.problems),
  ];
}

function describeColumns({ columns, influences, isComplete }: core.GetJobLineageResponse): readonly string[] {
  const lines = columns.flatMap(({ name, sources }) => [
    name,
    ...(sources.length === 0 ? ['  (no column)'] : []),
    ...sources.map(({ urn, column, transform }) => `  ${transform} ${urn} ${column}`),
  ]);
  const more = isComplete || columns.length === 0 ? [] : ['(there may be more)'];
  return [
    ...toSection('columns', [...lines, ...more]),
    ...toSection(
      'rows decided by',
      influences.map(({ urn, column, how }) => `${how} ${urn} ${column}`),
    ),
  ];
}

/** The walk as a tree: what a step leads to stands below it, the first time. */
function describeSteps(
  { steps, isCut, destination }: core.GetJobLineageResponse,
  direction: LineageQuestion['direction'],
): readonly string[] {
  const isUp = direction === 'upstream';
  const byStart = Map.groupBy(steps, ({ source, target }) => toKey(isUp ? target : source));
  const lines: string[] = [];
  const shown = new Set<string>();
  const visit = (key: string, depth: number): void => {
    for (const { source, target, how } of byStart.get(key) ?? []) {
      const end = isUp ? source : target;
      const isRepeated = shown.has(toKey(end)) && byStart.has(toKey(end));
      lines.push(`${'  '.repeat(depth)}${how} ${describeEnd(end)}${isRepeated ? ' (see elsewhere)' : ''}`);
      if (isRepeated) continue;
      shown.add(toKey(end));
      visit(toKey(end), depth + 1);
    }
  };
  const first = steps.find(({ level }) => level === 1);
  const start = isUp ? first?.target : first?.source;
  if (start) {
    shown.add(toKey(start));
    visit(toKey(start), 0);
  }
  const title = start ? `${start.column} ${isUp ? 'comes from' : 'goes to'}` : direction;
  const empty = isUp ? 'no column' : `nothing that is known to read ${destination}`;
  return toSection(title, [...(lines.length === 0 ? [empty] : lines), ...(isCut ? ['(and more)'] : [])]);
}

function describeEnd(end: core.GetJobLineageResponse_TracedColumn | undefined): string {
  const { urn = '', column = '', jobName = '' } = end ?? {};
  return `${urn} ${column === '' ? '(its rows)' : column}${jobName === '' ? '' : ` (job ${jobName})`}`;
}

function toKey(end: core.GetJobLineageResponse_TracedColumn | undefined): string {
  const { urn = '', column = '', projectName = '', jobName = '' } = end ?? {};
  return JSON.stringify([urn, column.toLowerCase(), projectName, jobName]);
}

function toSection(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
