import { describe, expect, it } from 'vitest';
import { isResourceMatch, listWildcards } from './resource-match.ts';

describe('a source', () => {
  it('is made by the job that writes it', () => {
    expect(isResourceMatch('bigquery://p:d.t', 'bigquery://p:d.t')).toBe(true);
    expect(isResourceMatch('bigquery://p:d.t', 'bigquery://p:d.t2')).toBe(false);
  });

  it('with a wildcard is made by every job that writes one of its tables', () => {
    expect(isResourceMatch('bigquery://p:d.events_*', 'bigquery://p:d.events_2024')).toBe(true);
    expect(isResourceMatch('bigquery://p:d.events_*', 'bigquery://p:d.events_')).toBe(true);
    expect(isResourceMatch('bigquery://p:d.events_*', 'bigquery://p:d.clicks')).toBe(false);
  });
});

describe('the wildcards of what is written', () => {
  it('are all that match it, and no others', () => {
    const wildcards = listWildcards(['x://ab.c']);
    expect(wildcards).toEqual(['x://ab.c*', 'x://ab.*', 'x://ab*', 'x://a*']);
    expect(wildcards.every((wildcard) => isResourceMatch(wildcard, 'x://ab.c'))).toBe(true);
  });

  it('are listed once for all tables that begin alike', () => {
    const tables = Array.from({ length: 1000 }, (_, day) => `bigquery://p:d.events_${day}`);
    const wildcards = listWildcards(tables);
    expect(new Set(wildcards).size).toBe(wildcards.length);
    expect(wildcards.length).toBeLessThan(1200);
  });
});
