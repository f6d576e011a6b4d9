import { type JobEdge, parseJobName, parseProjectName } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { toEdgeReason } from './edge-reason.ts';

const project = parseProjectName('lake');
const upstream = { project, job: parseJobName('raw') };
const read: JobEdge = {
  project,
  job: parseJobName('mart'),
  kind: 'inferred',
  urn: 'bigquery://lake:d.raw',
  upstream,
  isResolved: true,
};
const named: JobEdge = { ...read, kind: 'static', urn: '' };
const wildcard = { ...read, urn: 'bigquery://lake:d.events_*' };
const open = { upstream: undefined, isResolved: false };

describe('the reason of an edge', () => {
  it.each<[string, JobEdge, string]>([
    ['a name', named, 'named under dependencies'],
    [
      'a name that no job has',
      { ...named, isResolved: false },
      'named under dependencies, but no job "raw" is deployed in project "lake"',
    ],
    ['what is read', read, 'reads bigquery://lake:d.raw at query.sql:3:6'],
    [
      'what nobody writes',
      { ...read, ...open },
      'reads bigquery://lake:d.raw at query.sql:3:6, which no deployed job writes',
    ],
    [
      'a wildcard',
      { ...wildcard, written: 'bigquery://lake:d.events_2024' },
      'reads bigquery://lake:d.events_* at query.sql:3:6, of which it writes bigquery://lake:d.events_2024',
    ],
    [
      'a wildcard of which nobody writes a table',
      { ...wildcard, ...open },
      'reads bigquery://lake:d.events_* at query.sql:3:6, of which no other deployed job writes a table',
    ],
  ])('is told for %s', (_, edge, reason) => {
    expect(toEdgeReason(edge, [{ asset: 'query.sql', line: 3, column: 6 }])).toBe(reason);
  });

  it('goes without a place when no asset names what is read', () => {
    expect(toEdgeReason(read)).toBe('reads bigquery://lake:d.raw');
  });
});
