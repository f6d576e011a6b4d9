import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLabelledStatements, summarizeFindings, summarizeLabels } from '../testing/index.ts';
import { SQL_DIALECTS, type SqlDialect } from './sql-dialect.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../tests/fixtures/sql');

function readCorpus(dialect: SqlDialect) {
  const folder = path.join(corpus, dialect);
  return readdirSync(folder).flatMap((file) =>
    parseLabelledStatements(readFileSync(path.join(folder, file), 'utf8'), dialect),
  );
}

describe.each(SQL_DIALECTS)('the labelled statements of %s', (dialect) => {
  it.each(readCorpus(dialect).map((statement) => [statement.title, statement] as const))(
    'have the tables of their labels: %s',
    (_, statement) => {
      expect(summarizeFindings(statement)).toEqual(summarizeLabels(statement));
    },
  );

  it('have titles of their own', () => {
    const titles = readCorpus(dialect).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

it('are more than four hundred', () => {
  expect(SQL_DIALECTS.flatMap(readCorpus).length).toBeGreaterThan(400);
});
