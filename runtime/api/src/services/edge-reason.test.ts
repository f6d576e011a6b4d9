import { type JobEdge, type OtherWriter, parseJobName, parseProjectName } from '@optimus/domain';
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
    expect(toEdgeReason(edge, { places: [{ asset: 'query.sql', line: 3, column: 6 }] })).toBe(reason);
  });

  it.each<[string, OtherWriter, string]>([
    [
      'a job of another server',
      { kind: 'job', job: { server: 'west', project: 'lake', job: 'raw' } },
      'which a job of the server "west" writes',
    ],
    [
      'nobody anywhere',
      { kind: 'nobody' },
      'which no deployed job writes, neither here nor at another server',
    ],
    [
      'perhaps a job of a server that does not answer',
      { kind: 'unknown', reason: 'the server "west": refused' },
      'which no deployed job here writes, and perhaps one of another server: the server "west": refused',
    ],
  ])('tells that what is read is written by %s', (_, otherWriter, reason) => {
    expect(toEdgeReason({ ...read, ...open }, { otherWriter })).toBe(
      `reads bigquery://lake:d.raw, ${reason}`,
    );
  });

  it('goes without a place when no asset names what is read', () => {
    expect(toEdgeReason(read)).toBe('reads bigquery://lake:d.raw');
  });
});
