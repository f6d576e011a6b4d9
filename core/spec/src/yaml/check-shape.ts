import { toSuggestion } from '@optimus/domain';
import type { z } from 'zod';
import { listKnownKeys } from './known-keys.ts';
import { removePaths } from './remove-paths.ts';
import type { PathProblem } from './yaml-file.ts';

/** What of a value is well-formed, and what is not. */
export interface CheckedShape<T> {
  /** The value without what is wrong in it; undefined when what is left is no value of the schema. */
  readonly value: T | undefined;
  readonly problems: readonly PathProblem[];
}

/** Checks a value against a schema; everything that is wrong is told, and the rest is there to be checked further. */
export function checkShape<S extends z.ZodType>(schema: S, value: unknown): CheckedShape<z.output<S>> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data, problems: [] };
  const problems = parsed.error.issues.flatMap((issue) => toPathProblems(issue, schema));
  return { value: salvage(schema, value, parsed.error.issues), problems };
}

/** Takes out what is wrong, then what is wrong without it, until the rest is good. Each round goes one level up at least. */
function salvage<S extends z.ZodType>(
  schema: S,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): z.output<S> | undefined {
  let rest = removePaths(value, issues.flatMap(listWrongPaths));
  for (let round = 0; round < MAX_DEPTH; round++) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.map(({ path }) => path);
    if (paths.some((path) => path.length <= 1)) return undefined;
    rest = removePaths(
      rest,
      paths.map((path) => path.slice(0, -1)),
    );
  }
  return undefined;
}

/** No schema of ours nests deeper. */
const MAX_DEPTH = 12;

function listWrongPaths(issue: z.core.$ZodIssue): readonly (readonly PropertyKey[])[] {
  if (issue.code !== 'unrecognized_keys') return [issue.path];
  return issue.keys.map((key) => [...issue.path, key]);
}

function toPathProblems(issue: z.core.$ZodIssue, schema: z.core.$ZodType): PathProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => toUnknownKey(key, issue.path, schema));
  const message = `${formatPath(issue.path)} ${describeIssue(issue)}`.trim();
  return [{ path: issue.path, message, ...(issue.code === 'invalid_key' ? { what: 'key' as const } : {}) }];
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.input === undefined) return 'is missing';
  if (issue.input === null) return `is empty, ${issue.message}`;
  return `is ${describeValue(issue.input)}, ${issue.message}`;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : JSON.stringify(value);
}

function toUnknownKey(key: string, path: readonly PropertyKey[], schema: z.core.$ZodType): PathProblem {
  const known = listKnownKeys(schema, path);
  const place = path.length === 0 ? '' : ` in ${formatPath(path)}`;
  const suggestion = toSuggestion(key, known) || `; known: ${known.join(', ')}`;
  return {
    path: [...path, key],
    what: 'key',
    message: `unknown key ${JSON.stringify(key)}${place}${suggestion}`,
  };
}

/** `hooks.0.config`, as messages name a path. */
function formatPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
