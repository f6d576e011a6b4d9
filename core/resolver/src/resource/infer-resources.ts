import { findSqlTables } from '../sql/find-sql-tables.ts';
import type { SqlPosition, SqlProblem, SqlTables, TableRef } from '../sql/sql-tables.ts';
import { type SqlStore, toResourceUrn } from './resource-urn.ts';

/** A text of a job, compiled, under the name people know it by: an asset's file name, or the name of a configuration entry. */
export interface NamedSql {
  readonly name: string;
  readonly sql: string;
}

/** What the resources of one job are inferred from. */
export interface InferenceInput {
  readonly store: SqlStore;
  readonly texts: readonly NamedSql[];
  /** The URN of what the job itself writes; nothing waits for itself. */
  readonly destination?: string;
  /** What completes shorter names, outermost first: the project, or the project and the dataset. */
  readonly defaults?: readonly string[];
}

/** A table outside the job, and the place that says so. */
export interface InferredResource {
  readonly urn: string;
  /** The text that names it first. */
  readonly text: string;
  readonly position: SqlPosition;
}

/** What a text leaves open. */
export interface InferenceProblem {
  readonly kind: SqlProblem['kind'] | 'incomplete-name';
  readonly message: string;
  readonly text: string;
  readonly position: SqlPosition;
}

/** Each resource once, in the order of the texts. */
export interface InferredResources {
  readonly reads: readonly InferredResource[];
  readonly writes: readonly InferredResource[];
  /** Marked `@ignoreupstream` wherever they are read. */
  readonly ignored: readonly InferredResource[];
  readonly problems: readonly InferenceProblem[];
}

/**
 * The resources that a job waits for, by its SQL. What it writes itself, and what one of its texts makes before reading it, is none.
 * Pure; never throws; linear in the texts.
 */
export function inferResources(input: InferenceInput): InferredResources {
  const found = input.texts.map((text) => ({ text, tables: findSqlTables(text.sql, input.store.dialect) }));
  const problems = found.flatMap(({ text, tables }) => [
    ...tables.problems.map((problem): InferenceProblem => ({ ...problem, text: text.name })),
    ...[...tables.reads, ...tables.writes]
      .filter(({ parts }) => !isComplete(parts, input))
      .map((table) => toIncomplete(table, text.name, input)),
  ]);
  const reads = collect(input, found, findOutsideReads);
  const seen = new Set(reads.map(({ urn }) => urn));
  return {
    reads,
    writes: collect(input, found, ({ writes }) => writes, true),
    ignored: collect(input, found, ({ ignored }) => ignored).filter(({ urn }) => !seen.has(urn)),
    problems,
  };
}

interface FoundText {
  readonly text: NamedSql;
  readonly tables: SqlTables;
}

function collect(
  input: InferenceInput,
  found: readonly FoundText[],
  choose: (tables: SqlTables) => readonly TableRef[],
  withDestination = false,
): readonly InferredResource[] {
  const resources = new Map<string, InferredResource>();
  for (const { text, tables } of found) {
    for (const { parts, position } of choose(tables)) {
      if (!isComplete(parts, input)) continue;
      const urn = toResourceUrn(input.store, completeName(parts, input));
      if ((urn === input.destination && !withDestination) || resources.has(urn)) continue;
      resources.set(urn, { urn, text: text.name, position });
    }
  }
  return [...resources.values()];
}

/** Without the tables that the script has made by the time it reads them. */
function findOutsideReads({ reads, writes }: SqlTables): readonly TableRef[] {
  const made = new Map(
    writes.filter(({ created }) => created).map(({ parts, position }) => [toKey(parts), position.offset]),
  );
  return reads.filter(
    ({ parts, position }) => (made.get(toKey(parts)) ?? Number.POSITIVE_INFINITY) > position.offset,
  );
}

function toKey(parts: readonly string[]): string {
  return parts.join('\0');
}

function completeName(parts: readonly string[], { store, defaults = [] }: InferenceInput): readonly string[] {
  const missing = Math.max(0, store.parts - parts.length);
  return [...defaults.slice(0, missing), ...parts];
}

function isComplete(parts: readonly string[], input: InferenceInput): boolean {
  return completeName(parts, input).length >= input.store.parts;
}

function toIncomplete(
  { parts, position }: TableRef,
  text: string,
  { store }: InferenceInput,
): InferenceProblem {
  return {
    kind: 'incomplete-name',
    message: `"${parts.join('.')}" has ${parts.length} of the ${store.parts} parts of a table's name`,
    text,
    position,
  };
}
