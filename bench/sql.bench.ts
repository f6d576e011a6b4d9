import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJobName, parseProjectName } from '@optimus/domain';
import {
  buildJobGraph,
  computeColumnLineage,
  computePriorities,
  findSqlTables,
  SQL_DIALECTS,
  type SqlDialect,
} from '@optimus/resolver';
import {
  type LabelledStatement,
  parseLabelledStatements,
  summarizeFindings,
  summarizeLabels,
} from '@optimus/resolver/testing';
import { PolyglotAnalyzer } from '@optimus/sql-lineage';
import Table from 'cli-table3';
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';

const corpus = path.resolve(import.meta.dirname, '../tests/fixtures/sql');
const seconds = 2;
const rounds = 7;

const statements = SQL_DIALECTS.flatMap(readStatements);
printAccuracy();
printSpeed();
printGraph();
await printLineage();

function readStatements(dialect: SqlDialect): readonly LabelledStatement[] {
  const folder = path.join(corpus, dialect);
  return readdirSync(folder).flatMap((file) =>
    parseLabelledStatements(readFileSync(path.join(folder, file), 'utf8'), dialect),
  );
}

/** How many edges of the labelled statements are missed and how many are made up, by dialect. */
function printAccuracy(): void {
  const table = new Table({
    head: [
      'dialect',
      'statements',
      'exact',
      '%',
      'edges',
      'missed',
      'false',
      'regex exact',
      'regex missed',
      'false',
    ],
    colAligns: ['left', ...Array.from({ length: 9 }, () => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const dialect of [...SQL_DIALECTS, undefined]) table.push(toAccuracyRow(dialect));
  process.stdout.write(`${table.toString()}\n`);
}

function toAccuracyRow(dialect: SqlDialect | undefined): readonly string[] & string[] {
  const chosen = statements.filter((statement) => dialect === undefined || statement.dialect === dialect);
  const exact = chosen.filter((statement) => isExact(statement)).length;
  const ours = countEdges(chosen, (statement) => splitNames(summarizeFindings(statement).reads));
  const regex = countEdges(chosen, ({ sql, dialect: of }) => foldAll(findByPattern(sql), of));
  return [
    dialect ?? 'all',
    String(chosen.length),
    String(exact),
    ((100 * exact) / chosen.length).toFixed(1),
    String(ours.edges),
    String(ours.missed),
    String(ours.invented),
    String(regex.exact),
    String(regex.missed),
    String(regex.invented),
  ];
}

function isExact(statement: LabelledStatement): boolean {
  return JSON.stringify(summarizeFindings(statement)) === JSON.stringify(summarizeLabels(statement));
}

function splitNames(line: string): readonly string[] {
  return line === '' ? [] : line.split(', ');
}

function countEdges(
  chosen: readonly LabelledStatement[],
  find: (statement: LabelledStatement) => readonly string[],
) {
  const counts = { edges: 0, missed: 0, invented: 0, exact: 0 };
  for (const statement of chosen) {
    const wanted = new Set(statement.reads);
    const found = new Set(find(statement));
    const missed = [...wanted].filter((name) => !found.has(name)).length;
    const invented = [...found].filter((name) => !wanted.has(name)).length;
    counts.edges += wanted.size;
    counts.missed += missed;
    counts.invented += invented;
    counts.exact += missed + invented === 0 ? 1 : 0;
  }
  return counts;
}

/** The bare work: names after FROM and JOIN, comments taken out, as a first attempt would have it. */
function findByPattern(sql: string): readonly string[] {
  const plain = sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  return [...plain.matchAll(/\b(?:FROM|JOIN)\s+([`"\w.*-]+)/gi)].map(([, name = '']) =>
    name.replaceAll(/[`"]/g, ''),
  );
}

/** What the dialect makes of names without quotes, so that the comparison is about places alone. */
function foldAll(names: readonly string[], dialect: SqlDialect): readonly string[] {
  if (dialect === 'bigquery') return names;
  return names.map((name) => (dialect === 'snowflake' ? name.toUpperCase() : name.toLowerCase()));
}

function printSpeed(): void {
  const megabytes = statements.reduce((sum, { sql }) => sum + sql.length, 0) / 1e6;
  const ours = passesPerSecond(() => {
    for (const { sql, dialect } of statements) findSqlTables(sql, dialect);
  });
  const bare = passesPerSecond(() => {
    for (const { sql } of statements) findByPattern(sql);
  });
  const against = 'FROM and JOIN by regular expression';
  printFigures([
    {
      name: 'statements read',
      ours: ours * statements.length,
      bare: bare * statements.length,
      against,
      unit: '/s',
    },
    { name: 'text read', ours: ours * megabytes, bare: bare * megabytes, against, unit: 'MB/s' },
  ]);
}

function passesPerSecond(pass: () => void): number {
  for (let warmUp = 0; warmUp < 20; warmUp += 1) pass();
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    pass();
    count += 1;
  }
  return count / ((performance.now() - startedAt) / 1000);
}

/** Ten thousand jobs in four layers, each waiting for three of the layer before: graph and cycles, then priorities. */
function printGraph(): void {
  const project = parseProjectName('lake');
  const jobs = Array.from({ length: 10_000 }, (_, index) => ({
    name: parseJobName(`job-${index}`),
    dependencies: index < 2500 ? [] : [1, 2, 3].map((step) => toDependency(index - 2500 + step * 7)),
  }));
  const build = median(repeatTimed(() => buildJobGraph({ project, jobs })));
  const { graph } = buildJobGraph({ project, jobs });
  const priorities = median(repeatTimed(() => computePriorities(graph)));
  const tables = median(repeatTimed(() => readTenThousand()));
  process.stdout.write(
    `10,000 jobs: graph and cycles ${build.toFixed(0)} ms, priorities ${priorities.toFixed(0)} ms, their SQL ${tables.toFixed(0)} ms\n`,
  );
}

function toDependency(index: number) {
  return { type: 'intra' as const, name: `job-${index}` };
}

/** How many of the statements that read tables have columns, and how many have all of them. */
async function printLineage(): Promise<void> {
  const analyzer = new PolyglotAnalyzer();
  const table = new Table({
    head: ['column lineage', 'statements', 'all columns', 'some', 'a star alone', 'not understood'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const dialect of SQL_DIALECTS) {
    const chosen = statements.filter((statement) => statement.dialect === dialect);
    const lineages = await Promise.all(
      chosen.map(({ sql }) => computeColumnLineage({ script: sql, dialect }, analyzer)),
    );
    const kinds = lineages.flat().map(({ columns, gaps }) => {
      if (gaps.length === 0) return 'all';
      if (columns.length > 0) return 'some';
      return gaps.some((gap) => gap.startsWith('a star')) ? 'star' : 'none';
    });
    const count = (wanted: string): string => String(kinds.filter((kind) => kind === wanted).length);
    table.push([dialect, String(kinds.length), count('all'), count('some'), count('star'), count('none')]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

function readTenThousand(): void {
  const bigquery = statements.filter(({ dialect }) => dialect === 'bigquery');
  for (let job = 0; job < 10_000; job += 1)
    findSqlTables(bigquery[job % bigquery.length]?.sql ?? '', 'bigquery');
}

function repeatTimed(once: () => unknown): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    once();
    return performance.now() - startedAt;
  });
}
