import {
  type ColumnLineage,
  type LineageColumn,
  type LineageInfluence,
  type LineageInput,
  type LineageSource,
  type SourceText,
  toUnknownLineage,
} from '@optimus/domain';
import { inferResources } from '../resource/infer-resources.ts';
import { findSqlStore, SQL_STORES, type SqlStore, toResourceUrn } from '../resource/resource-urn.ts';
import type { ColumnAnalyzer } from './column-analyzer.ts';
import { computeColumnLineage, type StatementLineage } from './column-lineage.ts';
import { uniteSources } from './query/relation.ts';

/** The SQL of a job whose plugin does not say which it is: assets that are called so, in the language of what the job writes. */
export function guessSourceTexts(
  destination: string | undefined,
  assets: Readonly<Record<string, string>>,
): readonly SourceText[] {
  const store = destination === undefined ? undefined : findSqlStore(destination);
  if (!store) return [];
  return Object.entries(assets)
    .filter(([name]) => name.toLowerCase().endsWith('.sql'))
    .map(([name, text]) => ({ parser: store.scheme, name, text }));
}

/** The resources whose columns the texts may need, each once. */
export function listSourceUrns(texts: readonly SourceText[]): readonly string[] {
  const urns = texts.flatMap(({ parser, name, text }) => {
    const store = SQL_STORES.get(parser);
    if (!store) return [];
    const { reads, ignored, writes } = inferResources({ store, texts: [{ name, sql: text }] });
    return [...reads, ...ignored, ...writes].map(({ urn }) => urn);
  });
  return [...new Set(urns)].toSorted();
}

/**
 * The columns that a job writes: those of the statements that fill its destination; where none says so, of the last query of each
 * text, whose outcome the task stores.
 */
export async function computeJobLineage(
  input: LineageInput,
  analyzer: ColumnAnalyzer,
): Promise<ColumnLineage> {
  const known = new Map(input.known.map(({ urn, columns }) => [urn, columns]));
  const found: FoundStatement[] = [];
  for (const { parser, text } of input.texts) {
    const store = SQL_STORES.get(parser);
    if (!store) return toUnknownLineage(`nobody knows the parser "${parser}"`);
    const findColumns = (table: readonly string[]): readonly string[] | undefined =>
      known.get(toResourceUrn(store, table));
    const statements = await computeColumnLineage(
      { script: text, dialect: store.dialect, findColumns },
      analyzer,
    );
    found.push(
      ...chooseStatements(statements, store, input.destination).map((statement) => ({ statement, store })),
    );
  }
  return found.length === 0 ? toUnknownLineage('no statement fills what the job writes') : unite(found);
}

interface FoundStatement {
  readonly statement: StatementLineage;
  readonly store: SqlStore;
}

function chooseStatements(
  statements: readonly StatementLineage[],
  store: SqlStore,
  destination: string | undefined,
): readonly StatementLineage[] {
  const filling = statements.filter(
    ({ target }) => target !== undefined && toResourceUrn(store, target) === destination,
  );
  if (filling.length > 0) return filling;
  const query = statements.findLast(({ target, isLocal }) => target === undefined && !isLocal);
  // What cannot be known is worth telling, when there is nothing else.
  return query ? [query] : statements.filter(({ columns, gaps }) => columns.length === 0 && gaps.length > 0);
}

function unite(found: readonly FoundStatement[]): ColumnLineage {
  const byName = new Map<string, LineageColumn>();
  for (const { statement, store } of found) {
    for (const { column, sources } of statement.columns) {
      const key = column.toLowerCase();
      const before = byName.get(key);
      const all = [...(before?.sources ?? []), ...toSources(sources, store)];
      byName.set(key, { name: before?.name ?? column, sources: uniteLineageSources(all) });
    }
  }
  const influences = found.flatMap(({ statement, store }) =>
    statement.influences.map(({ table, column, how }) => ({ urn: toResourceUrn(store, table), column, how })),
  );
  return {
    columns: [...byName.values()],
    influences: uniteInfluences(influences),
    isComplete: found.some(({ statement }) => statement.isWhole) && found.every(isClosed),
    problems: [...new Set(found.flatMap(({ statement }) => statement.gaps))],
  };
}

/** Whether no column of it is missing, be it one of a few that are changed. */
function isClosed({ statement }: FoundStatement): boolean {
  return statement.isWhole || (statement.columns.length > 0 && statement.gaps.length === 0);
}

function toSources(
  sources: StatementLineage['columns'][number]['sources'],
  store: SqlStore,
): readonly LineageSource[] {
  return sources.map(({ table, column, transform }) => ({
    urn: toResourceUrn(store, table),
    column,
    transform,
  }));
}

function uniteLineageSources(sources: readonly LineageSource[]): readonly LineageSource[] {
  const united = uniteSources(
    sources.map(({ urn, column, transform }) => ({ table: [urn], column, transform })),
  );
  return united.map(({ table: [urn = ''], column, transform }) => ({ urn, column, transform }));
}

function uniteInfluences(influences: readonly LineageInfluence[]): readonly LineageInfluence[] {
  const byText = new Map(
    influences.map((influence) => [
      JSON.stringify([influence.urn, influence.column, influence.how]),
      influence,
    ]),
  );
  return [...byText.values()];
}
