import { findSqlTables } from '../sql/find-sql-tables.ts';
import type { SqlDialect } from '../sql/sql-dialect.ts';
import type { TableRef } from '../sql/sql-tables.ts';

/** A statement, or a short script, with the tables that its author says it reads and writes. */
export interface LabelledStatement {
  readonly dialect: SqlDialect;
  readonly title: string;
  readonly sql: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly ignored: readonly string[];
  /** The kinds of what cannot be known. */
  readonly problems: readonly string[];
}

/** What a statement reads, writes, ignores and hides, each in one line: how labels and findings are compared. */
export interface StatementSummary {
  readonly reads: string;
  readonly writes: string;
  readonly ignored: string;
  readonly problems: string;
}

/** The statements of a file: each from `-- # title` to the next one, with its labels in the comments after the title. */
export function parseLabelledStatements(text: string, dialect: SqlDialect): readonly LabelledStatement[] {
  return text
    .split(/^-- # /m)
    .slice(1)
    .map((part) => parseStatement(part.trim(), dialect));
}

/** What the author of the statement says. */
export function summarizeLabels({ reads, writes, ignored, problems }: LabelledStatement): StatementSummary {
  return {
    reads: toLine(reads),
    writes: toLine(writes),
    ignored: toLine(ignored),
    problems: toLine(problems),
  };
}

/** What is found in the statement. */
export function summarizeFindings({ sql, dialect }: LabelledStatement): StatementSummary {
  const { reads, writes, ignored, problems } = findSqlTables(sql, dialect);
  return {
    reads: toLine(reads.map(toName)),
    writes: toLine(writes.map(toName)),
    ignored: toLine(ignored.map(toName)),
    problems: toLine(problems.map(({ kind }) => kind)),
  };
}

function toName({ parts }: TableRef): string {
  return parts.join('.');
}

function toLine(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ');
}

const LABEL = /^-- (reads|writes|ignored|problems):(.*)$/;

function parseStatement(text: string, dialect: SqlDialect): LabelledStatement {
  const [title = '', ...lines] = text.split('\n');
  const firstLine = lines.findIndex((line) => !LABEL.test(line));
  const labels = new Map<string, readonly string[]>();
  for (const line of firstLine < 0 ? lines : lines.slice(0, firstLine)) {
    const [, name = '', values = ''] = LABEL.exec(line) ?? [];
    labels.set(name, parseNames(values));
  }
  return {
    dialect,
    title,
    sql: firstLine < 0 ? '' : lines.slice(firstLine).join('\n'),
    reads: labels.get('reads') ?? [],
    writes: labels.get('writes') ?? [],
    ignored: labels.get('ignored') ?? [],
    problems: labels.get('problems') ?? [],
  };
}

function parseNames(values: string): readonly string[] {
  return values
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
