import { describe, expect, it } from 'vitest';
import { type InferenceInput, inferResources } from './infer-resources.ts';
import { SQL_STORES, type SqlStore } from './resource-urn.ts';

const bigquery: SqlStore = { dialect: 'bigquery', scheme: 'bigquery', parts: 3 };

function infer(sql: string, rest: Partial<InferenceInput> = {}) {
  const found = inferResources({ store: bigquery, texts: [{ name: 'query.sql', sql }], ...rest });
  return {
    reads: found.reads.map(({ urn }) => urn),
    writes: found.writes.map(({ urn }) => urn),
    ignored: found.ignored.map(({ urn }) => urn),
    problems: found.problems,
  };
}

describe('inferred resources', () => {
  it('have the URNs by which jobs are found', () => {
    expect(infer('INSERT INTO p.d.b SELECT * FROM `p-1.d.a` JOIN example.e.f USING (id)')).toEqual({
      reads: ['bigquery://p-1:d.a', 'bigquery://example:e.f'],
      writes: ['bigquery://p:d.b'],
      ignored: [],
      problems: [],
    });
  });

  it('say which text names them, and where', () => {
    const texts = [
      { name: 'query.sql', sql: 'SELECT *\nFROM p.d.a' },
      { name: 'config FILTER', sql: '(SELECT 1 FROM p.d.a, p.d.b)' },
    ];
    expect(inferResources({ store: bigquery, texts }).reads).toEqual([
      { urn: 'bigquery://p:d.a', text: 'query.sql', position: { offset: 14, line: 2, column: 6 } },
      { urn: 'bigquery://p:d.b', text: 'config FILTER', position: { offset: 22, line: 1, column: 23 } },
    ]);
  });

  it('leave out what the job itself writes', () => {
    const destination = 'bigquery://p:d.b';
    expect(infer('SELECT * FROM p.d.a LEFT JOIN p.d.b USING (id)', { destination }).reads).toEqual([
      'bigquery://p:d.a',
    ]);
  });

  it('leave out what a script makes before it reads it, not what it reads first', () => {
    const sql =
      'CREATE TABLE p.d.x AS SELECT * FROM p.d.a; SELECT * FROM p.d.x, p.d.y; CREATE OR REPLACE TABLE p.d.y AS SELECT 1';
    expect(infer(sql).reads).toEqual(['bigquery://p:d.a', 'bigquery://p:d.y']);
  });

  it('leave out what is marked, unless another text reads it', () => {
    const marked = 'SELECT * FROM /* @ignoreupstream */ p.d.a';
    expect(infer(marked)).toMatchObject({ reads: [], ignored: ['bigquery://p:d.a'] });
    const texts = [
      { name: 'a.sql', sql: marked },
      { name: 'b.sql', sql: 'SELECT * FROM p.d.a' },
    ];
    expect(inferResources({ store: bigquery, texts })).toMatchObject({
      reads: [{ urn: 'bigquery://p:d.a', text: 'b.sql' }],
      ignored: [],
    });
  });

  it('complete shorter names from the defaults', () => {
    expect(infer('SELECT * FROM a, d2.b, p2.d2.c', { defaults: ['p', 'd'] }).reads).toEqual([
      'bigquery://p:d.a',
      'bigquery://p:d2.b',
      'bigquery://p2:d2.c',
    ]);
  });

  it('leave out names that stay too short, and say so', () => {
    const { reads, problems } = infer('SELECT * FROM a, d.b', { defaults: ['p'] });
    expect(reads).toEqual(['bigquery://p:d.b']);
    expect(problems).toEqual([
      {
        kind: 'incomplete-name',
        message: `"a" has 1 of the 3 parts of a table's name`,
        text: 'query.sql',
        position: { offset: 14, line: 1, column: 15 },
      },
    ]);
  });

  it('carry what the SQL leaves open', () => {
    expect(infer('CALL p.d.f()').problems).toMatchObject([{ kind: 'unknown-statement', text: 'query.sql' }]);
  });

  it.each([...SQL_STORES])('of %s have a URN of its scheme', (_, store) => {
    const { reads } = inferResources({ store, texts: [{ name: 'a', sql: 'SELECT 1 FROM x.y.z' }] });
    expect(reads).toMatchObject([
      { urn: expect.stringMatching(new RegExp(`^${store.scheme}://x.y.z$`, 'i')) },
    ]);
  });
});
