import { describe, expect, it } from 'vitest';
import { inherit } from './inherit.ts';
import { jobSchema } from './job-schema.ts';

type Fragment = Parameters<typeof inherit>[0];

/** A fragment as the reader gives it: every scalar a text. */
function fragment(value: Readonly<Record<string, unknown>>): Fragment {
  return jobSchema.parse(value);
}

function inherited(
  child: Readonly<Record<string, unknown>>,
  ...above: readonly Readonly<Record<string, unknown>>[]
) {
  return above.map(fragment).reduce(inherit, fragment(child));
}

describe('what the child says', () => {
  it.each([
    ['version', { version: '2' }, { version: '1' }, 2],
    ['owner', { owner: 'me' }, { owner: 'them' }, 'me'],
    ['description', { description: 'mine' }, { description: 'theirs' }, 'mine'],
  ] as const)('wins: %s', (key, child, parent, value) => {
    expect(inherited(child, parent)[key]).toBe(value);
    expect(inherited({}, child, parent)[key]).toBe(value);
  });

  it('wins where it is false: what a folder switches on, a job can switch off', () => {
    const off = {
      depends_on_past: 'false',
      catch_up: 'no',
      overlap: 'allow',
      retry: { exponential_backoff: 'false' },
    };
    const on = {
      depends_on_past: 'true',
      catch_up: 'yes',
      overlap: 'wait',
      retry: { exponential_backoff: 'true', count: '3' },
    };
    expect(inherited({ behavior: off }, { behavior: on }).behavior).toMatchObject({
      depends_on_past: false,
      catch_up: false,
      overlap: 'allow',
      retry: { exponential_backoff: false, count: 3 },
    });
  });

  it('wins where it is empty: a job below a schedule may run by hand only', () => {
    const child = { schedule: { interval: '' } };
    expect(inherited(child, { schedule: { interval: '@daily', start_date: '2024-01-01' } }).schedule).toEqual(
      {
        interval: '',
        start_date: '2024-01-01',
      },
    );
  });

  it('wins in the metadata too', () => {
    const child = { metadata: { resource: { limit: { cpu: '1' } }, airflow: { pool: 'own' } } };
    const parent = {
      metadata: {
        resource: { limit: { cpu: '9', memory: '1Gi' }, request: { cpu: '2' } },
        airflow: { pool: 'theirs', queue: 'q' },
        kubernetes: { service_account: 'sa' },
      },
    };
    expect(inherited(child, parent).metadata).toEqual({
      resource: { limit: { cpu: '1', memory: '1Gi' }, request: { cpu: '2' } },
      airflow: { pool: 'own', queue: 'q' },
      kubernetes: { service_account: 'sa' },
    });
    expect(inherited({}, parent).metadata).toEqual(fragment(parent).metadata);
  });
});

describe('levels', () => {
  it('are joined nearest first', () => {
    const top = { owner: 'top', labels: { a: 'top', b: 'top', c: 'top' }, task: { name: 'top' } };
    const near = { owner: 'near', labels: { a: 'near', b: 'near' } };
    expect(inherited({ labels: { a: 'own' } }, near, top)).toMatchObject({
      owner: 'near',
      labels: { a: 'own', b: 'near', c: 'top' },
      task: { name: 'top' },
    });
  });

  it('give no name', () => {
    expect(inherited({}, { name: 'abc' }).name).toBeUndefined();
  });

  it('mean the same however they are grouped', () => {
    const child = fragment({ task: { window: {} } });
    const near = fragment({ task: { window: { truncate_to: 'd' } } });
    const top = fragment({ task: { window: { preset: 'p' } } });
    expect(inherit(child, inherit(near, top))).toEqual(inherit(inherit(child, near), top));
  });
});

describe('the task', () => {
  it('is filled: its version, what its configuration and its window lack, in the order of the child', () => {
    const child = { task: { config: { B: '1', A: '' }, window: { size: '1h' } } };
    const parent = {
      task: {
        name: 'neo',
        version: '2',
        config: { A: 'x', C: 'y' },
        window: { size: '9h', truncate_to: 'h', offset: '1h' },
      },
    };
    const { task } = inherited(child, parent);
    expect(Object.entries(task?.config ?? {})).toEqual([
      ['B', '1'],
      ['A', ''],
      ['C', 'y'],
    ]);
    expect(task).toMatchObject({
      name: 'neo',
      version: '2',
      window: { size: '1h', truncate_to: 'h', offset: '1h' },
    });
  });

  it('does not mix a preset with the parts of another window', () => {
    const preset = { task: { window: { preset: 'p' } } };
    const parts = { task: { window: { size: '1d', shift_by: '-1d', location: 'UTC' } } };
    expect(inherited(preset, parts).task?.window).toEqual({ preset: 'p' });
    expect(inherited(parts, preset).task?.window).toEqual(fragment(parts).task?.window);
    expect(inherited({ task: {} }, parts).task?.window).toEqual(fragment(parts).task?.window);
  });
});

describe('lists', () => {
  it('of notifications are joined by event', () => {
    const child = { behavior: { notify: [{ on: 'failure', channels: ['b'], config: { x: '1' } }] } };
    const parent = {
      behavior: {
        notify: [
          { on: 'failure', channels: ['a', 'b'], config: { x: '2', y: '2' }, team: 't', severity: 'INFO' },
          { on: 'sla_miss', channels: ['c'] },
        ],
      },
    };
    expect(inherited(child, parent).behavior?.notify).toEqual([
      { on: 'failure', channels: ['b', 'a'], config: { x: '1', y: '2' }, team: 't', severity: 'INFO' },
      { on: 'sla_miss', channels: ['c'], config: {} },
    ]);
  });

  it('of webhooks are joined by event and address', () => {
    const to = (...urls: readonly string[]) => ({ on: 'failure', endpoints: urls.map((url) => ({ url })) });
    const merged = inherited(
      { behavior: { webhook: [to('http://a')] } },
      { behavior: { webhook: [to('http://a', 'http://b')] } },
    );
    expect(merged.behavior?.webhook[0]?.endpoints.map(({ url }) => url)).toEqual(['http://a', 'http://b']);
  });

  it('of hooks are joined by name', () => {
    const child = { hooks: [{ name: 'h', config: { A: '1' } }] };
    const parent = {
      hooks: [{ name: 'g' }, { name: 'h', version: '2', when: 'no', config: { A: '2', B: '2' } }],
    };
    expect(inherited(child, parent).hooks).toEqual([
      { name: 'h', version: '2', when: 'no', config: { A: '1', B: '2' } },
      { name: 'g', config: {} },
    ]);
  });

  it('of dependencies keep every endpoint, and each job once', () => {
    const http = (name: string) => ({ http: { name, url: 'http://x' } });
    const merged = inherited(
      { dependencies: [{ job: 'a' }, http('one')] },
      {
        dependencies: [{ job: 'a', type: 'intra' }, { job: 'p/b' }, http('one'), http('two'), http('three')],
      },
    );
    expect(merged.dependencies.map((dependency) => dependency.http?.name ?? dependency.job)).toEqual([
      'a',
      'one',
      'p/b',
      'two',
      'three',
    ]);
  });
});
