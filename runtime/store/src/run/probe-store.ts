import type {
  DueProbe,
  DueProbes,
  JobName,
  ProbeClaim,
  ProbeKind,
  ProbePostponement,
  ProbeStore,
  ProjectName,
} from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { CLAIM_PROBES, LOCK_BY_PROBE, MEET_PROBE, POSTPONE_PROBE } from './probe-statements.ts';
import { admit, type BegunRow, toStoredMessage } from './run-steps.ts';

/** A row of {@link CLAIM_PROBES}; the probe's columns are null together. */
interface DueProbeRow {
  readonly next_due_in_ms: number | null;
  readonly id: string | null;
  readonly tries: number;
  readonly kind: string;
  readonly name: string;
  readonly target: string;
  readonly project: string;
  readonly job: string;
  readonly scheduled_at: Date;
}

/** The open probes of waiting runs in PostgreSQL. */
export class PostgresProbeStore implements ProbeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async claimDue(limit: number, leaseMs: number): Promise<DueProbes> {
    const rows = await this.#database.run<DueProbeRow>(CLAIM_PROBES, [limit, leaseMs]);
    return { probes: rows.flatMap(toDueProbe), nextDueInMs: rows[0]?.next_due_in_ms ?? undefined };
  }

  async meet({ probeId, tries }: ProbeClaim): Promise<void> {
    await this.#database.step(async (run) => {
      await run(LOCK_BY_PROBE, [probeId]);
      const begun = await run<BegunRow>(MEET_PROBE, [probeId, tries]);
      await admit(
        run,
        begun.filter((row) => row.is_limited).map((row) => row.job_id),
      );
    });
  }

  async postpone(
    { probeId, tries }: ProbeClaim,
    { delayMs, outcome, target }: ProbePostponement,
  ): Promise<void> {
    const said = outcome === undefined ? null : toStoredMessage(outcome);
    const asked = target === undefined ? null : toStoredMessage(target);
    await this.#database.run(POSTPONE_PROBE, [probeId, tries, delayMs, said, asked]);
  }
}

function toDueProbe({ id, tries, kind, name, target, ...row }: DueProbeRow): readonly DueProbe[] {
  if (id === null) return [];
  const key = {
    project: row.project as ProjectName,
    job: row.job as JobName,
    scheduledAt: row.scheduled_at,
  };
  return [{ probeId: id, tries, kind: kind as ProbeKind, name, target, ...key }];
}
