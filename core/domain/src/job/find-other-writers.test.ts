import { expect, it } from 'vitest';
import { OptimusError } from '../error/optimus-error.ts';
import type { OtherJob } from '../ports/other-servers.ts';
import { parseProjectName } from '../project/project.ts';
import { makeJobSpec } from '../testing/job-fixtures.ts';
import { findOtherWriters } from './find-other-writers.ts';
import type { JobEdge } from './job-edge.ts';
import { parseJobName } from './job-name.ts';

const job: OtherJob = { server: 'west', project: 'lake', job: 'raw', spec: makeJobSpec() };
const edge: JobEdge = {
  project: parseProjectName('marts'),
  job: parseJobName('mart'),
  kind: 'inferred',
  urn: 'bigquery://lake:d.raw',
  upstream: undefined,
  isResolved: false,
};

/** What is found for the edges; answers the URNs that were asked for too. */
async function find(
  edges: readonly JobEdge[],
  answer: (urn: string, signal: AbortSignal) => Promise<OtherJob | undefined>,
  { names = ['west'], signal = new AbortController().signal } = {},
) {
  const asked: string[] = [];
  const findWriter = (urn: string, asking: AbortSignal) => {
    asked.push(urn);
    return answer(urn, asking);
  };
  return { found: await findOtherWriters({ names, findWriter }, edges, signal), asked };
}

it('asks once for each table that nobody here writes', async () => {
  const edges = [
    edge,
    { ...edge },
    { ...edge, urn: 'bigquery://lake:d.landed' },
    { ...edge, urn: 'bigquery://lake:d.own', isResolved: true },
    { ...edge, urn: 'bigquery://lake:d.events_*' },
    { ...edge, urn: '', kind: 'static' as const },
  ];
  const { found, asked } = await find(edges, async (urn) => (urn === edge.urn ? job : undefined));
  expect(asked).toEqual([edge.urn, 'bigquery://lake:d.landed']);
  expect(found.get(edge.urn)).toMatchObject({ kind: 'job', job: { server: 'west', job: 'raw' } });
  expect(found.get('bigquery://lake:d.landed')).toEqual({ kind: 'nobody' });
});

it('asks nobody when there are no other servers', async () => {
  const { found, asked } = await find([edge], async () => job, { names: [] });
  expect([found.size, asked]).toEqual([0, []]);
});

it('tells of a server that cannot be reached, and of one that does not answer in time', async () => {
  const away = async () => {
    throw new OptimusError('SERVER_UNREACHABLE', { message: 'the server "west": refused' });
  };
  expect((await find([edge], away)).found.get(edge.urn)).toEqual({
    kind: 'unknown',
    reason: 'the server "west": refused',
  });
  const late = async (_urn: string, signal: AbortSignal) => {
    signal.throwIfAborted();
    return job;
  };
  const { found } = await find([edge], late, { signal: AbortSignal.abort() });
  expect(found.get(edge.urn)).toEqual({ kind: 'unknown', reason: 'no answer of west in time' });
});
