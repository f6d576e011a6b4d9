// node:crypto is allowed here: a hash of a value is pure, and one wrong byte would redeploy ten thousand jobs.
import { createHash } from 'node:crypto';
import type { JobSpec } from './job-spec.ts';

/** SHA-256 (hex) of a specification in canonical form: equal specifications have equal hashes on every machine. */
export function toJobContentHash(spec: JobSpec): string {
  return createHash('sha256').update(toCanonicalJson(spec)).digest('hex');
}

/** JSON with sorted keys and without absent fields. */
export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortKeys(inner) : inner));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
