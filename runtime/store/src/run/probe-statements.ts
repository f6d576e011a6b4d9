import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { BEGIN_MET } from './wait-statements.ts';

/** Tells those who probe that there is something new; one notice, however many there are. */
export const ANNOUNCE_PROBES: Statement = {
  name: 'probe_announce',
  text: `SELECT ${toNotifySql('probe_due', "''")}`,
};

/**
 * $1 limit, $2 lease in ms. At least one row, which has no probe when none was due. A claimed probe comes due again when its lease has
 * run out, so that nobody has to find out who died. Probes of runs that do not wait any more are cleared away.
 */
export const CLAIM_PROBES: Statement = {
  name: 'probe_claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT run_probe.id FROM run_probe JOIN run ON run.id = run_probe.run_id
      WHERE next_probe_at <= now() AND run.state = 'wait_upstream'
      ORDER BY next_probe_at, run_probe.id LIMIT $1 FOR UPDATE OF run_probe SKIP LOCKED
    ), taken AS (
      UPDATE run_probe SET tries = tries + 1, next_probe_at = now() + $2 * interval '1 ms' FROM due
      WHERE run_probe.id = due.id
      RETURNING run_probe.id, run_id, kind, run_probe.name, target, tries
    ), stale AS (
      DELETE FROM run_probe USING run
      WHERE next_probe_at <= now() AND run.id = run_probe.run_id AND run.state <> 'wait_upstream'
    ), claimed AS (
      SELECT taken.*, project.name AS project, job.name AS job, run.scheduled_at
      FROM taken JOIN run ON run.id = taken.run_id JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id
    ), next AS (
      SELECT extract(epoch FROM min(next_probe_at) - now())::float8 * 1000 AS next_due_in_ms
      FROM run_probe WHERE next_probe_at > now()
    )
    SELECT * FROM next LEFT JOIN claimed ON true`,
};

/** $1 probe: locks its run before the probe goes, as everybody does who changes a run. */
export const LOCK_BY_PROBE: Statement = {
  name: 'run_lock_by_probe',
  text: 'SELECT id FROM run WHERE id = (SELECT run_id FROM run_probe WHERE id = $1) FOR UPDATE',
};

/** $1 probe, $2 the try that met it. */
export const MEET_PROBE: Statement = {
  name: 'probe_meet',
  text: `
    WITH met AS (
      DELETE FROM run_probe WHERE id = $1 AND tries = $2 RETURNING run_id
    ), ${BEGIN_MET}`,
};

/** $1 probe, $2 the try, $3 delay in ms, $4 outcome and $5 target, null for as before. */
export const POSTPONE_PROBE: Statement = {
  name: 'probe_postpone',
  text: `
    UPDATE run_probe SET next_probe_at = now() + $3 * interval '1 ms', outcome = coalesce($4, outcome),
      probed_at = CASE WHEN $4::text IS NULL THEN probed_at ELSE now() END, target = coalesce($5, target)
    WHERE id = $1 AND tries = $2`,
};
