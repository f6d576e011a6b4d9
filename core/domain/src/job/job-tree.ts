import type { EdgeQuery, JobIndex } from '../ports/job-index.ts';
import type { JobKey } from './job.ts';
import type { JobEdge } from './job-edge.ts';

/** A job on the way from another one. */
export interface JobTreeNode extends JobKey {
  /** Steps from where the tree begins, from 1. */
  readonly level: number;
  /** What lies behind it stands where it is nearest. */
  readonly isRepeated: boolean;
}

/** Which way a tree grows, how far, and its first edges. */
export interface TreeRequest {
  readonly direction: EdgeQuery['direction'];
  readonly levels: number;
  readonly edges: readonly JobEdge[];
}

/** The jobs before or after one, in the order of a walk: each follows the one it was reached from. One question a level. */
export async function readJobTree(
  index: JobIndex,
  root: JobKey,
  request: TreeRequest,
): Promise<readonly JobTreeNode[]> {
  const { neighbours, distances } = await reach(index, root, request);
  const nodes: JobTreeNode[] = [];
  const shown = new Set<string>();
  const visit = (key: JobKey, level: number): void => {
    for (const next of neighbours.get(toText(key)) ?? []) {
      const text = toText(next);
      const isRepeated = shown.has(text) || distances.get(text) !== level;
      nodes.push({ ...next, level, isRepeated });
      if (isRepeated) continue;
      shown.add(text);
      visit(next, level + 1);
    }
  };
  visit(root, 1);
  return nodes;
}

interface Reached {
  readonly neighbours: ReadonlyMap<string, readonly JobKey[]>;
  /** The fewest steps to each. */
  readonly distances: ReadonlyMap<string, number>;
}

async function reach(
  index: JobIndex,
  root: JobKey,
  { direction, levels, edges }: TreeRequest,
): Promise<Reached> {
  const first = collect(edges, direction);
  const neighbours = new Map([[toText(root), first]]);
  const distances = new Map([[toText(root), 0], ...first.map((key) => [toText(key), 1] as const)]);
  let outermost = first;
  for (let level = 2; level <= levels && outermost.length > 0; level++) {
    const found = await index.listEdges({ jobs: outermost, direction });
    const byStart = Map.groupBy(found, (edge) => toText(toStart(edge, direction)));
    for (const job of outermost)
      neighbours.set(toText(job), collect(byStart.get(toText(job)) ?? [], direction));
    const reached = unique(outermost.flatMap((job) => neighbours.get(toText(job)) ?? []));
    outermost = reached.filter((job) => !distances.has(toText(job)));
    for (const job of outermost) distances.set(toText(job), level);
  }
  return { neighbours, distances };
}

function toStart(edge: JobEdge, direction: EdgeQuery['direction']): JobKey {
  return direction === 'upstream' || !edge.upstream ? edge : edge.upstream;
}

function collect(edges: readonly JobEdge[], direction: EdgeQuery['direction']): readonly JobKey[] {
  const ends = edges
    .filter(({ isResolved }) => isResolved)
    .flatMap((edge) => (direction === 'downstream' ? [edge] : (edge.upstream ?? [])));
  return unique(ends);
}

function unique(keys: readonly JobKey[]): readonly JobKey[] {
  const byText = new Map(keys.map(({ project, job }) => [toText({ project, job }), { project, job }]));
  return [...byText.values()];
}

function toText({ project, job }: JobKey): string {
  return `${project}/${job}`;
}
