import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type JobDependency,
  type JobSpec,
  OVERLAP_POLICIES,
  parseJobName,
  toBinaryAsset,
} from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { fromJobSpecification } from './job-spec-from-message.ts';
import { toJobSpecification } from './job-spec-to-message.ts';

function roundTrip(spec: JobSpec): JobSpec {
  const bytes = toBinary(core.JobSpecificationSchema, toJobSpecification(spec));
  return fromJobSpecification(fromBinary(core.JobSpecificationSchema, bytes));
}

describe('a specification on the wire', () => {
  it('comes back as it went, whatever it holds', () => {
    const random = createRandom(20_220_918);
    for (let round = 0; round < 500; round++) {
      const spec = makeRandomSpec(random);
      expect(roundTrip(spec)).toEqual(spec);
    }
  });

  it('carries files that are no text as bytes', () => {
    const spec = makeJobSpec({
      assets: { 'q.sql': 'select 1', 'logo.png': toBinaryAsset(Uint8Array.of(0, 255)) },
    });
    const message = toJobSpecification(spec);
    expect(message.assets).toEqual({ 'q.sql': 'select 1' });
    expect([...(message.binaryAssets['logo.png'] ?? [])]).toEqual([0, 255]);
    expect(roundTrip(spec)).toEqual(spec);
  });

  it('waits for a job and an endpoint that an older client sends in one', () => {
    const http = { name: 'feed', url: 'http://a', headers: {}, params: {} };
    const message = toJobSpecification(makeJobSpec({ dependencies: [{ type: 'http', name: '', http }] }));
    const dependencies = message.dependencies.map((sent) => ({ ...sent, name: 'other', type: 'intra' }));
    const both = { ...message, dependencies };
    expect(fromJobSpecification(both).dependencies).toEqual([
      { type: 'intra', name: 'other' },
      { type: 'http', name: '', http },
    ]);
  });

  it('fills what an older client leaves out', () => {
    const message = toJobSpecification(makeJobSpec());
    const bare = fromJobSpecification({ ...message, behavior: undefined, metadata: undefined } as never);
    expect(bare.behavior).toMatchObject({
      retry: { count: 0, delayMs: 0, exponentialBackoff: false },
      notify: [],
    });
    expect(bare.metadata).toEqual({});
  });

  it.each([
    ['', 'upstream', 'intra'],
    ['', 'other-project/upstream', 'inter'],
    ['inter', 'upstream', 'inter'],
    ['extra', 'upstream', 'extra'],
  ])('reads a dependency of type %j on %s as %s', (type, name, expected) => {
    const message = { ...toJobSpecification(makeJobSpec()), dependencies: [{ name, type }] } as never;
    expect(fromJobSpecification(message).dependencies).toEqual([{ name, type: expected }]);
  });

  it('takes what later clients call a success for one', () => {
    const message = toJobSpecification(makeJobSpec());
    const notify = [{ on: core.JobEvent_Type.JOB_SUCCESS, channels: [], config: {}, severity: '', team: '' }];
    const behavior = { webhook: [], notify } as never;
    expect(fromJobSpecification({ ...message, behavior }).behavior.notify[0]?.on).toBe('success');
  });

  it('reads the task by its newer message when there is one', () => {
    const task = { name: 'other', config: [], version: '2', alert: undefined } as never;
    const { task: read } = fromJobSpecification({ ...toJobSpecification(makeJobSpec()), task });
    expect(read).toMatchObject({ name: 'other', config: [], version: '2' });
  });

  it('refuses a dependency of an unknown type, with the nearest known one', () => {
    const message = {
      ...toJobSpecification(makeJobSpec()),
      dependencies: [{ name: 'up', type: 'intar' }],
    } as never;
    expect(() => fromJobSpecification(message)).toThrow(/unknown type "intar", did you mean "int/);
  });
});

type Random = (below: number) => number;

/** Source: mulberry32. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

function makeRandomSpec(random: Random): JobSpec {
  const chance = (): boolean => random(2) === 1;
  const text = (): string => ['', 'a', '{{.DSTART}}', 'ü 🚮', 'two\nlines', '"quoted"', '0'][random(7)] ?? '';
  const list = <T>(make: () => T): T[] => Array.from({ length: random(4) }, make);
  const record = (): Record<string, string> => Object.fromEntries(list(() => [`key-${random(9)}`, text()]));
  const config = () => list(() => ({ name: `NAME_${random(9)}`, value: text() }));
  const window = () => ({
    size: text(),
    offset: text(),
    truncateTo: text(),
    ...(chance() ? { preset: 'yesterday' } : {}),
    ...(chance() ? { shiftBy: '-1d' } : {}),
    ...(chance() ? { location: 'Asia/Jakarta' } : {}),
  });
  const event = () => ['', 'sla_miss', 'failure', 'success', 'replay_lifecycle'][random(5)] ?? '';
  const addressee = () => ({
    ...(chance() ? { severity: (['INFO', 'WARNING', 'CRITICAL'] as const)[random(3)] ?? 'INFO' } : {}),
    ...(chance() ? { team: 'sky' } : {}),
  });
  const slaMiss = () => ({
    ...(chance() ? { durationThreshold: ['1h30m', '2h', '45m', '0m'][random(4)] ?? '1h' } : {}),
    ...(chance() ? { autoThreshold: chance() } : {}),
    ...addressee(),
  });
  const alert = () => ({
    slaMiss: list(slaMiss),
    ...(chance() ? { team: 'sky' } : {}),
    ...(chance() ? { disableAnomalyDetection: chance() } : {}),
    ...(chance() ? { others: { retry: [{ count_threshold: 3 }], success: null } } : {}),
  });
  const operator = () => ({
    ...(chance() ? { version: '1.2.3' } : {}),
    ...(chance() ? { alert: alert() } : {}),
  });
  const quantities = () => ({ cpu: text(), memory: text() });
  const dependency = (): JobDependency =>
    chance()
      ? { type: 'http', name: '', http: { name: text(), url: text(), headers: record(), params: record() } }
      : { type: (['intra', 'inter', 'extra'] as const)[random(3)] ?? 'intra', name: `job-${random(9)}` };
  return makeJobSpec({
    version: random(4),
    name: parseJobName(`job.${random(1_000)}`),
    owner: text(),
    description: text(),
    labels: record(),
    schedule: {
      startDate: text(),
      interval: text(),
      ...(chance() ? { endDate: '2024-02-29' } : {}),
      ...(chance() ? { timezone: 'Asia/Jakarta' } : {}),
    },
    behavior: {
      dependsOnPast: chance(),
      catchUp: chance(),
      retry: { count: random(5), delayMs: random(100_000_000), exponentialBackoff: chance() },
      notify: list(() => ({
        on: event(),
        channels: list(text),
        config: record(),
        ...addressee(),
      })),
      ...(chance()
        ? { webhooks: [{ on: event(), endpoints: list(() => ({ url: text(), headers: record() })) }] }
        : {}),
      ...(chance() ? { maxActiveRuns: 1 + random(9) } : {}),
      ...(chance() ? { overlap: OVERLAP_POLICIES[random(3)] ?? 'wait' } : {}),
      ...(chance() ? { attemptTimeoutMs: 1 + random(100_000_000) } : {}),
      ...(chance() ? { runTimeoutMs: 1 + random(100_000_000) } : {}),
    },
    task: { name: `task-${random(9)}`, config: config(), window: window(), ...operator() },
    hooks: list(() => ({
      name: text(),
      config: config(),
      ...operator(),
      ...(chance() ? { when: `{{${random(9)}}}` } : {}),
    })),
    dependencies: list(dependency),
    metadata: {
      ...(chance() ? { resource: { request: quantities(), limit: quantities() } } : {}),
      ...(chance() ? { airflow: { pool: text(), queue: text() } } : {}),
      ...(chance() ? { kubernetes: { serviceAccount: 'loader' } } : {}),
    },
    assets: record(),
  });
}
