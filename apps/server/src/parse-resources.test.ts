import { expect, it } from 'vitest';
import { parseResources } from './parse-resources.ts';

const texts = [{ name: 'query.sql', sql: 'select * from `p.d.raw` join `p.d.mart` using (id)' }];

it('finds what SQL reads, without what the job writes', () => {
  expect(parseResources('bq', texts, 'bigquery://p:d.mart')).toEqual(['bigquery://p:d.raw']);
  expect(parseResources('bq', texts, undefined)).toEqual(['bigquery://p:d.raw', 'bigquery://p:d.mart']);
});

it('knows no other parser', () => {
  expect(parseResources('cobol', texts, undefined)).toBeUndefined();
});
