import type { OpenProbe, ProbeKind } from '@optimus/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

interface OpenProbeRow {
  readonly run_id: string;
  readonly kind: string;
  readonly name: string;
  readonly target: string;
  readonly tries: number;
  readonly outcome: string;
  readonly probed_at: Date | null;
  readonly next_probe_at: Date;
}

/** The open probes of the runs, by the ids of those that have any. */
export async function listOpenProbes(
  { queries }: Database,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly OpenProbe[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<OpenProbeRow>`
    SELECT run_id, kind, name, target, tries, outcome, probed_at, next_probe_at FROM run_probe
    WHERE run_id = ANY(${runIds}::bigint[]) ORDER BY run_id, kind, name`.execute(queries);
  return new Map(
    [...Map.groupBy(rows, (row) => row.run_id)].map(([id, probes]) => [id, probes.map(toOpenProbe)]),
  );
}

function toOpenProbe({ kind, name, target, tries, ...row }: OpenProbeRow): OpenProbe {
  return {
    kind: kind as ProbeKind,
    name,
    target,
    tries,
    lastOutcome: row.outcome,
    lastProbedAt: row.probed_at ?? undefined,
    nextProbeAt: row.next_probe_at,
  };
}
