import {
  type JobEvent,
  type JobKey,
  OptimusError,
  type RunChange,
  type RunChangePage,
  type RunChangeQuery,
  type RunChangeStore,
} from '@optimus/domain';
import { makeRun } from './run-fixtures.ts';

/** A change of the run that {@link makeRun} makes, with the given parts replaced. */
export function makeRunChange(overrides: Partial<RunChange> = {}): RunChange {
  const { project, namespace, job, scheduledAt, id } = makeRun('2022-09-19T02:00:00Z');
  return {
    id: '1',
    runId: id,
    project,
    namespace,
    job,
    scheduledAt,
    state: 'running',
    previousState: 'queued',
    message: '',
    changedAt: scheduledAt,
    attempt: undefined,
    ...overrides,
  };
}

/** Changes that a test writes, one after the other: a position is how many a reader has seen. */
export class WrittenRunChanges implements RunChangeStore {
  readonly written: RunChange[] = [];
  /** How often it was read. */
  reads = 0;
  /** What a read fails with. */
  failure: OptimusError | undefined;

  /** What was registered: the ticks and the event. */
  readonly registered: (readonly [ticks: readonly Date[], event: JobEvent])[] = [];

  listOf = async (): Promise<readonly RunChange[]> => this.written;

  register = async (_: JobKey, ticks: readonly Date[], event: JobEvent): Promise<number> =>
    this.registered.push([ticks, event]);

  readNewest = async (): Promise<string> => `${this.written.length}`;

  read = async ({ after, until, limit, project, namespace, job }: RunChangeQuery): Promise<RunChangePage> => {
    this.reads++;
    if (this.failure) throw this.failure;
    if (!/^\d+$/.test(after)) throw new OptimusError('REQUEST_INVALID', { message: 'no id of this stream' });
    const end = Number(until ?? this.written.length);
    const changes = this.written
      .map((change, index) => ({ change, position: `${index + 1}` }))
      .slice(Number(after), end)
      .filter(({ change }) => (project ?? change.project) === change.project)
      .filter(({ change }) => (namespace ?? change.namespace) === change.namespace)
      .filter(({ change }) => (job ?? change.job) === change.job)
      .slice(0, limit);
    const isLast = changes.length < limit;
    return { changes, isLast, position: isLast ? `${end}` : (changes.at(-1)?.position ?? after) };
  };
}
