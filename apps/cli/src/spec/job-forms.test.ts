import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { computeWindow } from '@optimus/compiler';
import { type JobSpec, parseJobName } from '@optimus/domain';
import { core } from '@optimus/proto';
import { formatJob, parseJob } from '@optimus/spec';
import { describe, expect, it } from 'vitest';
import { fromSpecMessage, toSpecMessage } from './job-spec-message.ts';

const PLAIN: JobSpec = {
  version: 1,
  name: parseJobName('plain'),
  owner: 'kush',
  description: '',
  labels: {},
  schedule: { startDate: '2022-09-18', interval: '' },
  behavior: {
    dependsOnPast: false,
    catchUp: false,
    retry: { count: 0, delayMs: 0, exponentialBackoff: false },
    notify: [],
  },
  task: { name: 'neo', config: [], window: { size: '24h', offset: '0', truncateTo: 'd' } },
  hooks: [],
  dependencies: [],
  metadata: {},
  assets: {},
};

const FULL: JobSpec = {
  ...PLAIN,
  name: parseJobName('full'),
  description: 'all there is: "quotes", {{.macros}} and # signs',
  labels: { team: 'a', orchestrator: 'optimus' },
  schedule: { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' },
  behavior: {
    dependsOnPast: true,
    catchUp: true,
    retry: { count: 3, delayMs: 90_500, exponentialBackoff: true },
    notify: [{ on: 'sla_miss', channels: ['slack://#a'], config: { duration: '2h' } }],
    maxActiveRuns: 2,
    overlap: 'wait',
    attemptTimeoutMs: 5_400_000,
    runTimeoutMs: 86_400_000,
  },
  task: {
    name: 'bq2bq',
    config: [
      { name: 'Z', value: 'true' },
      { name: 'A', value: '010' },
      { name: 'EMPTY', value: '' },
      { name: 'MANY', value: 'a\nb\n  c: "d"\n' },
    ],
    window: { size: '1M', offset: '-24h', truncateTo: 'M' },
  },
  hooks: [{ name: 'transporter', when: '{{ eq .proj.ENV "prod" }}', config: [{ name: 'K', value: '5' }] }],
  dependencies: [
    { type: 'intra', name: 'other' },
    { type: 'inter', name: 'project/job' },
    { type: 'extra', name: 'beyond' },
    {
      type: 'http',
      name: '',
      http: { name: 'h', url: 'http://x', headers: { a: 'b' }, params: { c: 'd' } },
    },
  ],
  metadata: {
    resource: { request: { cpu: '1', memory: '1Gi' }, limit: { cpu: '', memory: '2Gi' } },
    airflow: { pool: 'p', queue: '' },
  },
  assets: {},
};

describe.each([
  ['a plain job', PLAIN],
  ['a job with everything', FULL],
])('%s', (_name, spec) => {
  it('is the same after being written and read', () => {
    const source = { file: 'job.yaml', text: formatJob(spec), assets: {} };
    expect(parseJob(source, { computeWindow }).spec).toEqual(spec);
  });

  it('is the same after being sent', () => {
    const bytes = toBinary(
      core.JobSpecificationSchema,
      create(core.JobSpecificationSchema, toSpecMessage({ ...spec, assets: { 'a/b.sql': 'select 1' } })),
    );
    const received = fromSpecMessage(fromBinary(core.JobSpecificationSchema, bytes));
    expect(received).toEqual({ ...spec, assets: { 'a/b.sql': 'select 1' } });
  });
});

describe('what a file leaves out', () => {
  it('has the usual values', () => {
    const text =
      'version: 1\nname: plain\nowner: kush\nschedule: { start_date: 2022-09-18 }\ntask: { name: neo }\n';
    const { spec, problems } = parseJob({ file: 'job.yaml', text, assets: {} }, { computeWindow });
    expect(problems).toEqual([]);
    expect(spec).toEqual(PLAIN);
  });
});
