import type { ClientBase } from 'pg';
import type { HotStatement } from './hot-statements.ts';

/** A step of a plan, of what EXPLAIN tells about it. */
export interface PlanStep {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanStep[];
}

/** All steps of the plan that serves every value of the parameters, the outer before the inner. */
export async function explain(
  client: Pick<ClientBase, 'query'>,
  { statement, values }: HotStatement,
): Promise<readonly PlanStep[]> {
  await client.query('SET plan_cache_mode = force_generic_plan');
  await client.query(`PREPARE explained AS ${statement.text}`);
  const list = values.length === 0 ? '' : `(${values.join(', ')})`;
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanStep }[] }>(
      `EXPLAIN (FORMAT JSON) EXECUTE explained ${list}`,
    );
    return (rows[0]?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => flatten(Plan));
  } finally {
    await client.query('DEALLOCATE explained');
  }
}

function flatten(step: PlanStep): readonly PlanStep[] {
  return [step, ...(step.Plans ?? []).flatMap(flatten)];
}

/** Indexes that hold what is under way alone, and are as small: reading one from end to end is what they are for. */
const SMALL_INDEXES: ReadonlySet<string> = new Set([
  'attempt_live',
  'run_active',
  'run_held',
  'run_instance_claim',
  'run_instance_ready',
  'run_under_way',
  'run_unfinished',
]);
const HISTORY: ReadonlySet<string> = new Set(['run', 'run_instance', 'attempt', 'run_event', 'run_wait']);

/** The steps that read a table of history, or an index of one, from end to end. */
export function listFullReads(steps: readonly PlanStep[]): readonly string[] {
  return steps.flatMap((step) => {
    const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index } = step;
    if (type === 'Seq Scan' && HISTORY.has(table)) return [`${type} on ${table}`];
    if (index === undefined || step['Index Cond'] !== undefined || SMALL_INDEXES.has(index)) return [];
    return table === '' || HISTORY.has(table) ? [`${type} of ${index}`] : [];
  });
}

/** How a plan reaches the tables of history: the indexes that it reads, each once. */
export function listIndexes(steps: readonly PlanStep[]): readonly string[] {
  return [...new Set(steps.flatMap((step) => step['Index Name'] ?? []))];
}
