import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { formatInstant } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { Column } from '../output/print-listing.ts';
import { toInstant } from '../session/list-runs.ts';

/** A run as listings show it. */
export function toRunRow(detail: core.RunDetail) {
  return {
    scheduledAt: toText(detail.scheduledAt),
    windowStart: toText(detail.windowStart),
    windowEnd: toText(detail.windowEnd),
    state: detail.state,
    attempts: detail.attemptCount,
    ...toSpan(detail),
    message: listMessages(detail).join('; '),
  };
}

/** What a run has to say and its newest attempts add, such as values that were missing; nothing twice. */
function listMessages({ message, instances }: core.RunDetail): readonly string[] {
  const all = new Set([message, ...instances.map(({ attempts }) => attempts.at(-1)?.message ?? '')]);
  return [...all].filter(
    (one) => one !== '' && ![...all].some((other) => other !== one && other.includes(one)),
  );
}

/** The columns of {@link toRunRow}. */
export const RUN_COLUMNS: readonly Column<ReturnType<typeof toRunRow>>[] = [
  { title: 'SCHEDULED AT', show: (row) => row.scheduledAt ?? '' },
  { title: 'WINDOW', show: ({ windowStart, windowEnd }) => `${windowStart ?? ''} – ${windowEnd ?? ''}` },
  { title: 'STATE', show: ({ state }) => state },
  { title: 'ATTEMPTS', show: ({ attempts }) => String(attempts) },
  { title: 'DURATION', show: ({ durationMs }) => formatElapsed(durationMs) },
  { title: 'MESSAGE', show: ({ message }) => message },
];

/** A task or hook as it is shown within its run. */
export function toInstanceRow({ name, role, state, attempts }: core.InstanceDetail) {
  return {
    instance: name,
    role,
    state,
    attempts: attempts.length,
    ...toSpan({ startedAt: attempts[0]?.startedAt, finishedAt: attempts.at(-1)?.finishedAt }),
    message: attempts.at(-1)?.message ?? '',
  };
}

/** The task and hooks of a run as listings show them, in the order they run. */
export function toInstanceRows({ scheduledAt, instances }: core.RunDetail) {
  return instances.map((instance) => ({ scheduledAt: toText(scheduledAt), ...toInstanceRow(instance) }));
}

/** The columns of {@link toInstanceRows}. */
export const INSTANCE_COLUMNS: readonly Column<ReturnType<typeof toInstanceRows>[number]>[] = [
  { title: 'SCHEDULED AT', show: (row) => row.scheduledAt ?? '' },
  { title: 'INSTANCE', show: ({ instance }) => instance },
  { title: 'ROLE', show: ({ role }) => role },
  { title: 'STATE', show: ({ state }) => state },
  { title: 'ATTEMPTS', show: ({ attempts }) => String(attempts) },
  { title: 'DURATION', show: ({ durationMs }) => formatElapsed(durationMs) },
  { title: 'MESSAGE', show: ({ message }) => message },
];

interface Span {
  readonly startedAt?: Timestamp | undefined;
  readonly finishedAt?: Timestamp | undefined;
}

function toSpan(span: Span) {
  const [startedAt, finishedAt] = [toInstant(span.startedAt), toInstant(span.finishedAt)];
  return {
    startedAt: toText(span.startedAt),
    finishedAt: toText(span.finishedAt),
    durationMs: startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null,
  };
}

function toText(timestamp: Timestamp | undefined): string | null {
  const instant = toInstant(timestamp);
  return instant ? formatInstant(instant) : null;
}

function formatElapsed(ms: number | null): string {
  return ms === null ? '' : `${(ms / 1000).toFixed(1)}s`;
}
