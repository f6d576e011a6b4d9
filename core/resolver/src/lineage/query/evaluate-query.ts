import type { RowInfluence } from '@optimus/domain';
import type { SqlDialect } from '../../sql/sql-dialect.ts';
import type { AnalyzedColumn, AnalyzedSelect, AnalyzedSource, ColumnAnalyzer } from '../column-analyzer.ts';
import { liftSubqueries } from './lift-subqueries.ts';
import { type PlainSelect, type StarItem, toPlainSelect } from './plain-select.ts';
import { QueryScope } from './query-scope.ts';
import {
  combine,
  findSources,
  type Relation,
  type RelationColumn,
  type SourceColumn,
  uniteRelations,
  uniteSources,
} from './relation.ts';
import { takeApart } from './take-apart.ts';

/** What evaluating the queries of one statement needs, and what it finds on the way. */
export interface Evaluation {
  readonly dialect: SqlDialect;
  readonly analyzer: ColumnAnalyzer;
  readonly gaps: Set<string>;
  /** Columns that decide about rows, anywhere in the statement. */
  readonly influences: Map<RowInfluence, SourceColumn[]>;
}

/** Queries within queries beyond this are generated. */
const DEEPEST = 50;

/**
 * The columns of a query. It is taken apart first, and a parser is asked about one select after the other, each with the columns of
 * those before it: stars find their columns and names their tables where they would be lost in the whole.
 */
export async function evaluateQuery(
  evaluation: Evaluation,
  sql: string,
  { scope: outer, depth }: { readonly scope: QueryScope; readonly depth: number },
): Promise<Relation> {
  if (depth > DEEPEST) {
    evaluation.gaps.add(`queries lie in each other more than ${DEEPEST} levels deep`);
    return { columns: [], rest: undefined, isOpen: true };
  }
  const scope = new QueryScope(outer);
  const { ctes, branches, isRecursive } = takeApart(sql, evaluation.dialect);
  for (const cte of ctes) {
    // What it reads of itself is known from where it begins.
    const [anchor = ''] = isRecursive ? takeApart(cte.sql, evaluation.dialect).branches : [];
    if (anchor !== '')
      scope.set(
        cte.name,
        rename(await evaluateQuery(evaluation, anchor, { scope: outer, depth: depth + 1 }), cte.columns),
      );
    const relation = await evaluateQuery(evaluation, cte.sql, { scope, depth: depth + 1 });
    scope.set(cte.name, rename(relation, cte.columns));
  }
  const relations: Relation[] = [];
  for (const branch of branches) {
    const evaluate = branch.startsWith('(') ? evaluateQuery : evaluateSelect;
    relations.push(await evaluate(evaluation, branch, { scope, depth: depth + 1 }));
  }
  return uniteRelations(relations);
}

/** A relation whose columns are called otherwise, by place. */
export function rename(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  const columns = relation.columns.map(({ name, sources }, place) => ({
    name: names[place] ?? name,
    sources,
  }));
  return { ...relation, columns };
}

async function evaluateSelect(
  evaluation: Evaluation,
  sql: string,
  { scope: outer, depth }: { readonly scope: QueryScope; readonly depth: number },
): Promise<Relation> {
  const { dialect, analyzer } = evaluation;
  const lifted = liftSubqueries(sql, dialect);
  const scope = new QueryScope(outer);
  for (const { name, sql: subquery } of lifted.subqueries)
    scope.set(name, await evaluateQuery(evaluation, subquery, { scope: outer, depth: depth + 1 }));
  const plain = toPlainSelect(lifted.sql, dialect);
  const analyzed = await analyzer.analyze(plain.sql, dialect, scope.listKnown(plain.sql));
  for (const gap of analyzed.gaps) evaluation.gaps.add(gap);
  const select = new SelectSources(evaluation, analyzed, scope);
  for (const { how, source } of analyzed.influences)
    evaluation.influences.set(how, [...(evaluation.influences.get(how) ?? []), ...select.trace(source)]);
  return toRelation(evaluation, { plain, analyzed, select });
}

/** What the names of one select lead to. */
class SelectSources {
  readonly #evaluation: Evaluation;
  readonly #scope: QueryScope;
  readonly #relations: AnalyzedSelect['relations'];

  constructor(evaluation: Evaluation, { relations }: AnalyzedSelect, scope: QueryScope) {
    this.#evaluation = evaluation;
    this.#scope = scope;
    this.#relations = relations;
  }

  /** The table columns behind a column of the select. */
  trace({ table, column }: AnalyzedSource): readonly SourceColumn[] {
    if (table === undefined) return this.#traceUnqualified(column);
    const relation = this.find(table);
    // What looks like a table may be a column with fields: `address.city`.
    if (!relation) return this.#traceUnqualified(table.split('.')[0] ?? table, table);
    const sources = findSources(relation, column);
    if (sources) return sources;
    // A whole row: SELECT t FROM t.
    return relation.columns.flatMap((known) => known.sources);
  }

  find(table: string): Relation | undefined {
    const wanted = table.toLowerCase();
    const named = this.#relations.find(
      ({ name, alias }) => alias.toLowerCase() === wanted || name.toLowerCase() === wanted,
    );
    return this.#scope.find(named?.name ?? table);
  }

  /** The one relation that the select reads. */
  get only(): Relation | undefined {
    const [first, ...others] = this.#relations;
    return first && others.length === 0 ? this.#scope.find(first.name) : undefined;
  }

  #traceUnqualified(column: string, asWritten = column): readonly SourceColumn[] {
    const relations = this.#relations.flatMap(({ name }) => this.#scope.find(name) ?? []);
    const known = relations.filter((relation) =>
      relation.columns.some(({ name }) => name.toLowerCase() === column.toLowerCase()),
    );
    const [relation] = known.length > 0 ? known : relations;
    if (relation && (known.length === 1 || relations.length === 1))
      return findSources(relation, column) ?? [];
    this.#evaluation.gaps.add(`which table "${asWritten}" belongs to cannot be told`);
    return [];
  }
}

interface EvaluatedSelect {
  readonly plain: PlainSelect;
  readonly analyzed: AnalyzedSelect;
  readonly select: SelectSources;
}

function toRelation(evaluation: Evaluation, evaluated: EvaluatedSelect): Relation {
  const { analyzed, select } = evaluated;
  const stars = locateStars(evaluated);
  const columns: RelationColumn[] = [];
  const rests: Relation[] = [];
  for (const [place, column] of analyzed.columns.entries()) {
    const star = stars.get(place);
    if (column.isStar) {
      const open = openStar(select, column, star);
      if (open) rests.push(open);
      if (!open?.rest) evaluation.gaps.add(STAR_GAP);
      columns.push(...(open?.columns ?? []));
      continue;
    }
    const { name = '' } = column;
    if (star?.without.has(name.toLowerCase())) continue;
    const sources = column.sources.flatMap((source) => select.trace(source));
    columns.push({
      name: star?.renamed.get(name.toLowerCase()) ?? name,
      sources: uniteSources(
        sources.map((source) => ({ ...source, transform: combine(column.transform, source.transform) })),
      ),
    });
  }
  const starCount = analyzed.columns.filter(({ isStar }) => isStar).length;
  const isOpen = starCount > 0 || (analyzed.columns.length === 0 && analyzed.gaps.length > 0);
  const rest = starCount === 1 ? rests[0]?.rest : undefined;
  return { columns, rest, isOpen };
}

const STAR_GAP = 'a star stands for columns that only its table knows';

/** What a star that the parser left as it is stands for. */
function openStar(
  select: SelectSources,
  column: AnalyzedColumn,
  star: StarItem | undefined,
): Relation | undefined {
  const qualifier = column.sources[0]?.table ?? star?.qualifier;
  const relation = qualifier === undefined ? select.only : select.find(qualifier);
  if (!relation) return undefined;
  const without = star?.without ?? new Set<string>();
  const columns = relation.columns.filter(({ name }) => !without.has(name.toLowerCase()));
  const rest = relation.rest && {
    ...relation.rest,
    without: new Set([...relation.rest.without, ...without]),
  };
  return { columns, rest, isOpen: true };
}

/** The star that each column comes from, by the column's place. */
function locateStars({ plain, analyzed }: EvaluatedSelect): ReadonlyMap<number, StarItem> {
  const located = new Map<number, StarItem>();
  const { stars, itemCount = 0 } = plain;
  const unknown = analyzed.columns.length - (itemCount - stars.length);
  let shift = 0;
  for (const [index, star] of stars.entries()) {
    const width = stars.length === 1 ? unknown : (analyzed.starWidths[index] ?? 1);
    for (let step = 0; step < width; step += 1) located.set(star.place + shift + step, star);
    shift += width - 1;
  }
  return located;
}
