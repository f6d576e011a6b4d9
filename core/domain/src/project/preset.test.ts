import { beforeEach, describe, expect, it } from 'vitest';
import { OptimusError } from '../error/optimus-error.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import { registerNamespace } from '../namespace/register-namespace.ts';
import { usePresets } from '../run/job-window.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryProjects,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec } from '../testing/job-fixtures.ts';
import { toUpsert } from '../testing/store-ports.ts';
import { type Preset, parsePresetName, planPresetChange, toPresetName } from './preset.ts';
import { parseProjectName } from './project.ts';
import { getProject, registerProject } from './register-project.ts';

const yesterday: Preset = { description: 'the day before', size: '1d', truncateTo: 'd', shiftBy: '-1d' };
const month: Preset = { description: 'the month before', size: '1M', truncateTo: 'M' };

/** Refuses the size `bad`. */
const computeWindow: ComputeWindow = (spec, scheduledAt, options) => {
  const { preset = '' } = spec.task.window;
  if (options?.presets?.[preset]?.size === 'bad')
    throw new OptimusError('WINDOW_INVALID', { message: 'size is bad' });
  return computeDayWindow(spec, scheduledAt);
};

describe('the name of a preset', () => {
  it.each([
    ['yesterday', 'yesterday'],
    ['@Yesterday', 'yesterday'],
    [' YESTERDAY ', 'yesterday'],
  ])('that %j refers to is %j', (reference, name) => {
    expect(toPresetName(reference)).toBe(name);
    expect(parsePresetName(reference)).toBe(name);
  });

  it.each(['', '@', 'two words', '-x', 'x'.repeat(64)])('cannot be %j', (name) => {
    expect(() => parsePresetName(name)).toThrow('the preset name');
  });
});

describe('a change of presets', () => {
  it('tells what is new, what is another one and what is gone', () => {
    const before = { a: yesterday, b: yesterday, c: month };
    const after = { d: month, b: { ...yesterday, size: '2d' }, a: { ...yesterday, location: '' } };
    expect(planPresetChange(before, after)).toEqual({ created: ['d'], changed: ['b'], deleted: ['c'] });
  });
});

describe('registering a project', () => {
  const tenant = { project: parseProjectName('space'), namespace: parseNamespaceName('sky') };
  let deps: Parameters<typeof registerProject>[0] & { jobs: ReturnType<typeof createInMemoryJobs> };

  beforeEach(async () => {
    const projects = createInMemoryProjects();
    deps = { projects, jobs: createInMemoryJobs(), computeWindow };
    await register({ yesterday, month });
    const namespaces = createInMemoryNamespaces(projects);
    await registerNamespace({ projects, namespaces }, { project: 'space', name: 'sky', config: {} });
  });

  const register = (presets: Readonly<Record<string, Preset>>) =>
    registerProject(deps, { name: 'space', config: {}, presets });

  async function deployWithPreset(preset: string): Promise<void> {
    const base = makeJobSpec();
    const spec = { ...base, task: { ...base.task, window: { ...base.task.window, preset } } };
    const upserts = [toUpsert(tenant, spec)];
    await deps.jobs.apply({ project: tenant.project, upserts, deletes: [], author: '' });
  }

  it('replaces its presets and tells the change', async () => {
    const { change } = await register({ '@Yesterday': { ...yesterday, size: '2d' }, week: month });
    expect(change).toEqual({ created: ['week'], changed: ['yesterday'], deleted: ['month'] });
    expect(Object.keys((await getProject(deps, 'space')).presets ?? {})).toEqual(['yesterday', 'week']);
  });

  it('keeps a preset that a deployed job names, and tells which job', async () => {
    await deployWithPreset('month');
    const { change, kept, presets } = await register({});
    expect(change.deleted).toEqual(['yesterday']);
    expect(kept).toEqual([{ preset: 'month', job: 'near-earth-objects' }]);
    expect(presets).toEqual({ month });
  });

  it('refuses a window that cannot be, naming the preset, and changes nothing', async () => {
    await expect(register({ broken: { ...month, size: 'bad' } })).rejects.toMatchObject({
      code: 'WINDOW_INVALID',
      message: 'preset "broken": size is bad',
    });
    expect((await getProject(deps, 'space')).presets).toEqual({ yesterday, month });
  });

  it('refuses two presets that differ in case alone', async () => {
    await expect(register({ Month: month, month })).rejects.toThrow('the preset "month" is given twice');
  });
});

describe('a window that names a preset', () => {
  const compute = usePresets(computeWindow, { name: parseProjectName('space'), presets: { yesterday } });
  const specOf = (preset: string) => {
    const { version, task } = makeJobSpec({ version: 3 });
    return { version, task: { ...task, window: { ...task.window, preset } } };
  };

  it('is computed with it', () => {
    expect(compute(specOf('yesterday'), new Date('2022-09-19T02:00:00Z')).end).toEqual(
      new Date('2022-09-19T00:00:00Z'),
    );
  });

  it('is refused when the project has none of the name, with project and nearest name', () => {
    expect(() => compute(specOf('yesterdya'), new Date())).toThrow(
      'window preset "yesterdya" is not found within project "space", did you mean "yesterday"?',
    );
    expect(() => compute(specOf('toString'), new Date())).toThrow('is not found within project "space"');
  });
});
