import { OptimusError } from '../error/optimus-error.ts';

/** What an event of a task or of another scheduler may be about. */
export const JOB_EVENT_TYPES = [
  'sla_miss',
  'failure',
  'success',
  'task_start',
  'task_retry',
  'task_success',
  'task_fail',
  'sensor_start',
  'sensor_retry',
  'sensor_success',
  'sensor_fail',
  'hook_start',
  'hook_retry',
  'hook_success',
  'hook_fail',
] as const;

/** See {@link JOB_EVENT_TYPES}. */
export type JobEventType = (typeof JOB_EVENT_TYPES)[number];

/** What somebody outside the scheduler saw in a run. It is kept and told; the state of the run stays what the scheduler says. */
export interface JobEvent {
  readonly type: JobEventType;
  /** `running`, `success`, `retried` or `failed`; empty when the event does not say. */
  readonly status: string;
  /** The task or hook as the sender names it. */
  readonly task: string;
  /** By the sender's clock. */
  readonly happenedAt: Date | undefined;
  /** For people. */
  readonly message: string;
  /** All that was sent. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** An event with the ticks of the runs that it is about. */
export interface ParsedJobEvent {
  readonly event: JobEvent;
  /** At least one, each once. */
  readonly scheduledAt: readonly Date[];
}

const STATUSES = ['running', 'success', 'retried', 'failed'];
/** Events that clients sent before events had a status. */
const EARLY_TYPES: readonly JobEventType[] = ['failure', 'success'];

/** Reads what a task or another scheduler sends. @throws OptimusError `REQUEST_INVALID` with the property that is missing or wrong */
export function parseJobEvent(type: JobEventType, value: Readonly<Record<string, unknown>>): ParsedJobEvent {
  const payload = new Payload(value);
  const isEarly = EARLY_TYPES.includes(type) && !('status' in value) && !('event_type' in value);
  if (type !== 'sla_miss' && !isEarly) payload.require('status', 'event_time', 'task_id', 'scheduled_at');
  const status = payload.text('status');
  if (status !== '' && !STATUSES.includes(status))
    throw toWrong('status', `is ${JSON.stringify(status)}`, `use one of ${STATUSES.join(', ')}`);
  const event: JobEvent = {
    type,
    status,
    task: payload.text('task_id'),
    happenedAt: payload.epoch('event_time'),
    message: payload.text('exception') || payload.text('message'),
    value,
  };
  return {
    event,
    scheduledAt: type === 'sla_miss' ? listMissed(payload) : [payload.instant('scheduled_at')],
  };
}

/** The ticks of an event that tells several at once, else its own. */
function listMissed(payload: Payload): readonly Date[] {
  const missed = payload.list('slas').map((one) => new Payload(one).instant('scheduled_at'));
  const all = missed.length > 0 ? missed : [payload.instant('scheduled_at')];
  return [...new Map(all.map((tick) => [tick.getTime(), tick])).values()];
}

const KINDS: Readonly<Record<string, string>> = { event_time: 'float64' };

class Payload {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#value = typeof value === 'object' && value !== null ? { ...value } : {};
  }

  require(...names: readonly string[]): void {
    for (const name of names) if (!(name in this.#value)) throw toMissing(name);
  }

  text(name: string): string {
    const value = this.#value[name];
    return typeof value === 'string' ? value : '';
  }

  list(name: string): readonly unknown[] {
    const value = this.#value[name];
    return Array.isArray(value) ? value : [];
  }

  /** Seconds since 1970, as a number or written as one. */
  epoch(name: string): Date | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    const instant = new Date(Number(value) * 1000);
    if (!Number.isNaN(instant.getTime())) return instant;
    throw toWrong(name, `is ${JSON.stringify(value)}`, 'give seconds since 1970');
  }

  instant(name: string): Date {
    this.require(name);
    const text = this.text(name);
    const instant = new Date(text);
    if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(instant.getTime())) return instant;
    throw toWrong(name, `is ${JSON.stringify(this.#value[name])}`, 'write it as 2006-01-02T15:04:05Z');
  }
}

function toMissing(name: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `property '${name}'(${KINDS[name] ?? 'string'}) is missing in event payload`,
    hint: 'put it into event.value',
    fields: { field: `event.value.${name}` },
  });
}

function toWrong(name: string, what: string, hint: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `property '${name}' of the event ${what}`,
    hint,
    fields: { field: `event.value.${name}` },
  });
}
