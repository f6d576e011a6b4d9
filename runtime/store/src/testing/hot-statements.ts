import type { Statement } from '../database/database.ts';
import {
  FIND_RUN as FIND_RUN_THAT_MATTERS,
  LIST_INSTANCES,
  LIST_WAITS,
  READ_SURROUNDINGS,
} from '../explanation/facts-statements.ts';
import { READ_FIGURES } from '../figures/figure-statements.ts';
import {
  LIST_FORGOTTEN,
  LOOK_AT_ENDED,
  REMOVE_EVENTS,
  REMOVE_RUNS,
  TRY_TO_MEET,
} from '../history/prune-statements.ts';
import { LIST_INDEXED_JOBS } from '../job/index-statements.ts';
import { CLAIM } from '../run/claim-statements.ts';
import { HOLD_RUNS, LIST_ENDING } from '../run/control-statements.ts';
import {
  FIND_LAST,
  FIND_REMOVED,
  FIND_RUN,
  LIST_NEWEST,
  LIST_OF_JOB,
  LIST_OF_JOB_BY_STATE,
} from '../run/list-statements.ts';
import {
  ADOPT,
  ADOPT_EXPIRED,
  COUNT_ENDED,
  CREATE,
  FIND_LIVE_INSTANCE,
  MARK_RUNNING,
  RENEW_LEASES,
} from '../run/run-statements.ts';
import { ADVANCE, LIST_DUE } from '../run/schedule-statements.ts';
import {
  END_ATTEMPT,
  END_EARLY,
  FIND_NEXT_OVERDUE,
  LIST_IN_THE_WAY,
  LIST_PROGRESS,
  LIST_SIBLINGS,
  LOCK_BY_ATTEMPT,
  LOCK_BY_KEY,
  LOCK_OVERDUE,
  LOCK_UNFINISHED,
  RESET_INSTANCES,
  SETTLE,
} from '../run/settle-statements.ts';
import { ADMIT, MEET_PASSED, MEET_WAITS, WAIT_FURTHER_BACK } from '../run/wait-statements.ts';

/** A statement that must cost the same however much history there is. */
export interface HotStatement {
  /** What it is for: it goes on after “to”. */
  readonly purpose: string;
  readonly statement: Statement;
  /** SQL of one value a parameter. */
  readonly values: readonly string[];
}

function toHot(purpose: string, statement: Statement, ...values: readonly string[]): HotStatement {
  return { purpose, statement, values };
}

const STATES = `'{failed,canceled}'`;

/** Every statement of the ways of a run, of what people look at, and of retention. */
export const HOT_STATEMENTS: readonly HotStatement[] = [
  toHot('see what is due', LIST_DUE, '200'),
  toHot('plan', ADVANCE, `'[]'`, `'[]'`, `'[]'`, `'[]'`),
  toHot('make a run by hand', CREATE, '1', '1', 'now()', 'now()', 'now()', `''`, '1'),
  toHot('claim', CLAIM, `'h'`, `'s'`, '1000', '10'),
  toHot('mark an attempt as running', MARK_RUNNING, '1', '1', `'{}'`),
  toHot('renew leases', RENEW_LEASES, `'h'`, `'s'`, '1000', 'NULL'),
  toHot('see which attempts have to end', LIST_ENDING, `'h'`, `'s'`),
  toHot('lock a run whose time is over', LOCK_OVERDUE),
  toHot('see when the time of the next run is over', FIND_NEXT_OVERDUE),
  toHot('find the instance of an attempt', FIND_LIVE_INSTANCE, '1'),
  toHot('count attempts', COUNT_ENDED, '1'),
  toHot('lock the run of an attempt', LOCK_BY_ATTEMPT, '1', '1'),
  toHot('lock a run', LOCK_BY_KEY, `'p'`, `'hourly'`, 'now()'),
  toHot('see how far a run has come', LIST_PROGRESS, '1'),
  toHot('see how far the run of an attempt has come', LIST_SIBLINGS, '1'),
  toHot('end an attempt', END_ATTEMPT, '1', '1', `'success'`, '0', `''`, `'exited'`, 'NULL', '0'),
  toHot('move a run on', SETTLE, '1', `'success'`, `''`, `'[]'`, 'NULL'),
  toHot('end a run early', END_EARLY, '1'),
  toHot('have a run run again', RESET_INSTANCES, '1', 'true', `'task'`, `'neo'`),
  toHot('meet what waits for a run', MEET_WAITS, '1', 'now()'),
  toHot('have what waits for a skipped run wait for its past', WAIT_FURTHER_BACK, '1', 'now()'),
  toHot('meet what waits for ticks that never come', MEET_PASSED, `'{1}'`),
  toHot('admit runs under a limit', ADMIT, `'{1}'`),
  toHot('hold the runs of a paused job', HOLD_RUNS, '1'),
  toHot('lock what overlaps', LOCK_UNFINISHED, `'{1}'`),
  toHot('find what is in the way', LIST_IN_THE_WAY, `'{1}'`, `'{1}'`),
  toHot('find the run that matters', FIND_RUN_THAT_MATTERS, '1', 'NULL'),
  toHot('list what a run consists of', LIST_INSTANCES, '1'),
  toHot('see what goes on around a run', READ_SURROUNDINGS, '1', '1', 'now()'),
  toHot('follow what a run waits for', LIST_WAITS, '1'),
  toHot('read the figures of a scrape', READ_FIGURES, `'h'`, '10'),
  toHot('take up what a dead server of this host left', ADOPT, `'h'`, `'s'`, '1000'),
  toHot('take up what expired', ADOPT_EXPIRED, `'h'`, `'s'`, '1000', '1000', '10', '120000', 'now()', '1000'),
  toHot('find a run', FIND_RUN, `'p'`, `'hourly'`, 'now()'),
  toHot('find the last run of a job', FIND_LAST, `'p'`, `'hourly'`),
  toHot('page through the runs of a job', LIST_OF_JOB, `'p'`, `'hourly'`, 'NULL', 'NULL', 'now()', '50'),
  toHot(
    'page through the failed runs of a job',
    LIST_OF_JOB_BY_STATE,
    `'p'`,
    `'hourly'`,
    'NULL',
    'NULL',
    'now()',
    '50',
    STATES,
  ),
  toHot('page through the runs of a project', LIST_NEWEST, `'p'`, 'NULL', STATES, '1000', '50'),
  toHot('page through the runs of a namespace', LIST_NEWEST, `'p'`, `'n'`, STATES, '1000', '50'),
  toHot('see how the last run of every job went', LIST_INDEXED_JOBS, `'p'`),
  toHot('see what retention removed', FIND_REMOVED, `'p'`, `'hourly'`),
  toHot('look at the oldest ends', LOOK_AT_ENDED, `'-infinity'`, '0', '1000', '200'),
  toHot('try the locks of jobs', TRY_TO_MEET, `'{1}'`),
  toHot('remove runs', REMOVE_RUNS, `'{1}'`, `'{1}'`, '10', '1000'),
  toHot('remove events', REMOVE_EVENTS, '0', '1000', '2000'),
  toHot('see which logs are old', LIST_FORGOTTEN, `'{1}'`, '1000'),
];
