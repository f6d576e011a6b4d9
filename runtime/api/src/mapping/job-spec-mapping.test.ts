import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type JobDependency, type JobSpec, parseJobName } from '@optimus/domain';
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
    schedule: { startDate: text(), interval: text(), ...(chance() ? { endDate: '2024-02-29' } : {}) },
    behavior: {
      dependsOnPast: chance(),
      catchUp: chance(),
      retry: { count: random(5), delayMs: random(100_000_000), exponentialBackoff: chance() },
      notify: list(() => ({
        on: ['', 'sla_miss', 'failure', 'success'][random(4)] ?? '',
        channels: list(text),
        config: record(),
      })),
      ...(chance() ? { maxActiveRuns: 1 + random(9) } : {}),
      ...(chance() ? { attemptTimeoutMs: 1 + random(100_000_000) } : {}),
      ...(chance() ? { runTimeoutMs: 1 + random(100_000_000) } : {}),
    },
    task: { name: text(), config: config(), window: window() },
    hooks: list(() => ({ name: text(), config: config() })),
    dependencies: list(dependency),
    metadata: {
      ...(chance() ? { resource: { request: quantities(), limit: quantities() } } : {}),
      ...(chance() ? { airflow: { pool: text(), queue: text() } } : {}),
    },
    assets: record(),
  });
}
