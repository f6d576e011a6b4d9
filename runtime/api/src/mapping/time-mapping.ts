import { create } from '@bufbuild/protobuf';
import {
  type Duration,
  DurationSchema,
  type Timestamp,
  timestampDate,
  timestampFromDate,
} from '@bufbuild/protobuf/wkt';
import { OptimusError } from '@optimus/domain';

/** An instant, or undefined when the message has none. @throws OptimusError `REQUEST_INVALID` when it lies outside what a Date holds */
export function fromTimestamp(timestamp: Timestamp | undefined, field: string): Date | undefined {
  if (!timestamp) return undefined;
  const date = timestampDate(timestamp);
  if (!Number.isNaN(date.getTime())) return date;
  throw new OptimusError('REQUEST_INVALID', { message: `${field} is not an instant`, fields: { field } });
}

/** An instant that must be given. @throws OptimusError `REQUEST_INVALID` */
export function fromRequiredTimestamp(timestamp: Timestamp | undefined, field: string): Date {
  const date = fromTimestamp(timestamp, field);
  if (date) return date;
  throw new OptimusError('REQUEST_INVALID', {
    message: `${field} is missing`,
    hint: `give ${field} as RFC 3339, e.g. 2024-01-02T02:00:00Z`,
    fields: { field },
  });
}

/** The field of a message for an instant that may be absent: `{}` leaves it unset. */
export function toTimestamp(date: Date): Timestamp {
  return timestampFromDate(date);
}

/** Milliseconds; 0 when the message has none. */
export function fromDuration(duration: Duration | undefined): number {
  return duration ? Number(duration.seconds) * 1_000 + duration.nanos / 1e6 : 0;
}

/** A span of milliseconds. */
export function toDuration(ms: number): Duration {
  const seconds = Math.trunc(ms / 1_000);
  const nanos = Math.round((ms - seconds * 1_000) * 1e6);
  return create(DurationSchema, { seconds: BigInt(seconds), nanos });
}
