import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { JobKey } from '../job/job.ts';
import type { JobEdge } from '../job/job-edge.ts';
import type { JobIndex } from '../ports/job-index.ts';
import type { JobLineage } from '../ports/lineage-store.ts';
import type { ColumnTransform, ResourceColumn, RowInfluence } from './column-lineage.ts';
import { type ReadLineageDeps, readJobLineage } from './read-job-lineage.ts';

/** A column of a deployed job, and which way to follow it. */
export interface TraceRequest {
  readonly project: string;
  readonly job: string;
  readonly column: string;
  readonly direction: 'upstream' | 'downstream';
  /** Steps from job to job, from 1. */
  readonly levels: number;
}

/** A column on the way, and the job that writes it; undefined for one that no deployed job writes. */
export interface TracedColumn extends ResourceColumn {
  readonly writer: JobKey | undefined;
}

/** One step of a trace: the target is computed from the source, or its rows are chosen by it. */
export interface TraceStep {
  /** From 1. */
  readonly level: number;
  readonly source: TracedColumn;
  /** For an influence its column is empty: it is about all of them. */
  readonly target: TracedColumn;
  readonly how: ColumnTransform | RowInfluence;
}

/** Where a column comes from, or where it goes. */
export interface ColumnTrace {
  /** Each once, the nearest first. */
  readonly steps: readonly TraceStep[];
  /** Whether there are more than are told. */
  readonly isCut: boolean;
}

/** What following columns needs of the world. */
export interface TraceDeps extends ReadLineageDeps {
  readonly index: JobIndex;
}

/** More than anybody reads. */
const MOST_STEPS = 5_000;

/**
 * Follows a column across jobs: two questions to the database a level, however many columns there are. A column is followed once, so
 * the walk ends.
 * @throws OptimusError `JOB_NOT_FOUND`, `PROJECT_NOT_FOUND`, `REQUEST_INVALID` for a column that the job does not write
 */
export async function traceColumn(deps: TraceDeps, request: TraceRequest): Promise<ColumnTrace> {
  const { key, lineage, destination = '' } = await readJobLineage(deps, request);
  const names = (lineage?.columns ?? []).map(({ name }) => name);
  const column = names.find((name) => name.toLowerCase() === request.column.toLowerCase());
  if (column === undefined && lineage) throw toColumnNotFound(key, request.column, names);
  const start = { urn: destination, column: column ?? request.column, writer: key };
  const steps = new Map<string, TraceStep>();
  const seen = new Set([toText(start)]);
  let outermost: readonly TracedColumn[] = [start];
  for (let level = 1; level <= request.levels && outermost.length > 0; level += 1) {
    const found = await STEPPERS[request.direction](deps, outermost);
    const next: TracedColumn[] = [];
    for (const step of found) {
      const text = JSON.stringify([toText(step.source), toText(step.target), step.how]);
      if (steps.has(text)) continue;
      if (steps.size === MOST_STEPS) return { steps: [...steps.values()], isCut: true };
      steps.set(text, { ...step, level });
      const end = request.direction === 'upstream' ? step.source : step.target;
      if (seen.has(toText(end)) || end.writer === undefined || end.column === '') continue;
      seen.add(toText(end));
      next.push(end);
    }
    outermost = next;
  }
  return { steps: [...steps.values()], isCut: false };
}

function toColumnNotFound(key: JobKey, column: string, names: readonly string[]): OptimusError {
  const known = names.length === 0 ? 'none is known' : `known: ${names.join(', ')}`;
  return new OptimusError('REQUEST_INVALID', {
    message: `job "${key.job}" writes no column "${column}" that is known (${known})${toSuggestion(column, names)}`,
    fields: { project: key.project, job: key.job, field: 'column' },
  });
}

type Step = Omit<TraceStep, 'level'>;
type Stepper = (deps: TraceDeps, columns: readonly TracedColumn[]) => Promise<readonly Step[]>;

const STEPPERS: Readonly<Record<TraceRequest['direction'], Stepper>> = {
  upstream: stepUp,
  downstream: stepDown,
};

/** What the columns are computed from. */
async function stepUp(deps: TraceDeps, columns: readonly TracedColumn[]): Promise<readonly Step[]> {
  const jobs = listWriters(columns);
  const [lineages, edges] = await Promise.all([
    deps.lineages.list(jobs),
    deps.index.listEdges({ jobs, direction: 'upstream' }),
  ]);
  const byJob = new Map(lineages.map((lineage) => [toJobText(lineage), lineage]));
  const byWaiting = Map.groupBy(edges, toJobText);
  return columns.flatMap((target) => {
    const job = target.writer && toJobText(target.writer);
    if (job === undefined) return [];
    const written = byJob.get(job)?.lineage?.columns.find(({ name }) => isSame(name, target.column));
    return (written?.sources ?? []).flatMap(({ urn, column, transform }) =>
      findWriters(byWaiting.get(job) ?? [], urn).map((writer) => ({
        source: { urn, column, writer },
        target,
        how: transform,
      })),
    );
  });
}

/** The jobs that write what is read; one that is not known, when there is none. */
function findWriters(edges: readonly JobEdge[], urn: string): ReadonlyArray<JobKey | undefined> {
  const writers = edges.flatMap((edge) =>
    edge.kind === 'inferred' && edge.urn === urn && edge.isResolved && edge.upstream ? [edge.upstream] : [],
  );
  return writers.length > 0 ? writers : [undefined];
}

/** What is computed from the columns, and whose rows they choose. */
async function stepDown(deps: TraceDeps, columns: readonly TracedColumn[]): Promise<readonly Step[]> {
  const edges = await deps.index.listEdges({ jobs: listWriters(columns), direction: 'downstream' });
  const readers = new Map(edges.map((edge) => [toJobText(edge), { project: edge.project, job: edge.job }]));
  const lineages = await deps.lineages.list([...readers.values()]);
  const byJob = new Map(lineages.map((lineage) => [toJobText(lineage), lineage]));
  const byWriter = Map.groupBy(edges, ({ upstream }) => (upstream ? toJobText(upstream) : ''));
  return columns.flatMap((source) => {
    const read = source.writer ? (byWriter.get(toJobText(source.writer)) ?? []) : [];
    return read.flatMap((edge) => {
      const reader = byJob.get(toJobText(edge));
      return reader ? listUses(reader, { ...source, urn: edge.urn }, source) : [];
    });
  });
}

function listUses(
  { project, job, destination = '', lineage }: JobLineage,
  read: ResourceColumn,
  source: TracedColumn,
): readonly Step[] {
  const toTarget = (column: string): TracedColumn => ({ urn: destination, column, writer: { project, job } });
  const isRead = ({ urn, column }: ResourceColumn): boolean =>
    urn === read.urn && isSame(column, read.column);
  const values = (lineage?.columns ?? []).flatMap(({ name, sources }) =>
    sources.filter(isRead).map(({ transform }): Step => ({ source, target: toTarget(name), how: transform })),
  );
  const rows = (lineage?.influences ?? [])
    .filter(isRead)
    .map(({ how }): Step => ({ source, target: toTarget(''), how }));
  return [...values, ...rows];
}

/** Stores disagree about case, and so do those who write for them. */
function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function listWriters(columns: readonly TracedColumn[]): readonly JobKey[] {
  const writers = columns.flatMap(({ writer }) => writer ?? []);
  return [...new Map(writers.map((writer) => [toJobText(writer), writer])).values()];
}

function toJobText({ project, job }: JobKey): string {
  return `${project}/${job}`;
}

function toText({ urn, column, writer }: TracedColumn): string {
  return JSON.stringify([urn, column.toLowerCase(), writer && toJobText(writer)]);
}
