import { OptimusError } from '../error/optimus-error.ts';
import { getJobDigest } from '../job/get-job.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { RunChangeStore } from '../ports/run-change-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { parseProjectName } from '../project/project.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { maskText, SecretPatterns } from '../secret/masking/index.ts';
import { type JobEventType, type ParsedJobEvent, parseJobEvent } from './run-event.ts';

/** What registering an event needs of the world. */
export interface RegisterJobEventDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly secrets: Pick<SecretStore, 'readAll'>;
  readonly runChanges: Pick<RunChangeStore, 'register'>;
}

/** An event as a client sends it. */
export interface RegisterJobEventRequest {
  readonly project: string;
  readonly namespace: string;
  readonly job: string;
  readonly type: JobEventType;
  readonly value: Readonly<Record<string, unknown>>;
  /** The one tick whose events the caller may tell; undefined: any. */
  readonly ownScheduledAt?: Date;
}

const MOST_BYTES = 64 * 1024;

/**
 * Keeps an event with each run that it is about, secrets masked, and tells listeners. What the scheduler knows of the runs stays.
 * @throws OptimusError `REQUEST_INVALID`, `MESSAGE_TOO_LARGE`, `JOB_NOT_FOUND`, `RUN_NOT_FOUND` when the job has none of the runs,
 * `PERMISSION_DENIED` for a tick that is not the caller's
 */
export async function registerJobEvent(
  deps: RegisterJobEventDeps,
  request: RegisterJobEventRequest,
): Promise<void> {
  const { project, namespace, job } = request;
  const { name } = await getJobDigest(deps, { project, namespace, job });
  const key = { project: parseProjectName(project), job: name };
  const secrets = await deps.secrets.readAll(key.project, parseNamespaceName(namespace));
  const { event, scheduledAt } = parseMasked(request, Object.values(secrets));
  assertOwn(request, scheduledAt);
  const known = await deps.runChanges.register(key, scheduledAt, event);
  if (known > 0) return;
  const ticks = scheduledAt.map((tick) => formatInstant(tick)).join(', ');
  throw new OptimusError('RUN_NOT_FOUND', {
    message: `job "${job}" has no run at ${ticks}`,
    hint: `list its runs with: optimus job runs ${job}`,
    fields: { project, job },
  });
}

function parseMasked({ type, value }: RegisterJobEventRequest, secrets: readonly string[]): ParsedJobEvent {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new OptimusError('MESSAGE_TOO_LARGE', {
      message: `the event has ${Buffer.byteLength(text)} bytes, more than ${MOST_BYTES}`,
      hint: 'leave out of event.value what nobody reads',
    });
  const patterns = new SecretPatterns(secrets);
  return parseJobEvent(type, toMasked(value, patterns) as Readonly<Record<string, unknown>>);
}

/** Each text by itself: written as JSON, a secret could hide behind an escape. PostgreSQL cannot store U+0000, nor half a character. */
function toMasked(value: unknown, patterns: SecretPatterns): unknown {
  if (typeof value === 'string') return maskText(value, patterns).replaceAll('\0', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map((item) => toMasked(item, patterns));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [
    toMasked(name, patterns),
    toMasked(item, patterns),
  ]);
  return Object.fromEntries(entries);
}

function assertOwn({ ownScheduledAt, job }: RegisterJobEventRequest, ticks: readonly Date[]): void {
  if (!ownScheduledAt || ticks.every((tick) => tick.getTime() === ownScheduledAt.getTime())) return;
  throw new OptimusError('PERMISSION_DENIED', {
    message: `the credential of an attempt tells events of its own run alone, which is job "${job}" at ${formatInstant(ownScheduledAt)}`,
  });
}
