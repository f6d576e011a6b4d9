import { describe, expect, it } from 'vitest';
import type { HookType } from '../plugin/plugin.ts';
import { makeJobSpec } from '../testing/job-fixtures.ts';
import { findHookProblems, type HookPlugins, planInstances } from './plan-instances.ts';

function plugin(name: string, hookType: HookType | undefined, dependsOn: readonly string[] = []) {
  return [name, { hookType, dependsOn }] as const;
}

function specOf(...names: readonly string[]) {
  return makeJobSpec({ hooks: names.map((name) => ({ name, config: [] })) });
}

function plan(plugins: HookPlugins): readonly (readonly [string, number])[] {
  return planInstances(specOf(...plugins.keys()), plugins).map(({ name, position }) => [name, position]);
}

describe('the instances of a job', () => {
  it('are its task alone when it has no hooks', () => {
    expect(planInstances(specOf(), new Map())).toEqual([
      { type: 'task', name: 'neo', role: 'task', position: 0 },
    ]);
  });

  it('run in the order pre hooks, task, post hooks, fail hooks, however they are listed', () => {
    const plugins = new Map([plugin('alarm', 'fail'), plugin('audit', 'post'), plugin('check', 'pre')]);
    expect(plan(plugins)).toEqual([
      ['check', 0],
      ['neo', 1],
      ['audit', 2],
      ['alarm', 3],
    ]);
  });

  it('run side by side unless one depends on the other', () => {
    const plugins = new Map([
      plugin('third', 'post', ['second']),
      plugin('second', 'post', ['first']),
      plugin('first', 'post'),
      plugin('alone', 'post'),
    ]);
    expect(plan(plugins)).toEqual([
      ['neo', 0],
      ['first', 1],
      ['alone', 1],
      ['second', 2],
      ['third', 3],
    ]);
  });

  it('ignore a dependency on a hook that the job does not have', () => {
    expect(plan(new Map([plugin('audit', 'post', ['absent'])]))).toEqual([
      ['neo', 0],
      ['audit', 1],
    ]);
  });

  it('put a hook that does not say when it runs after the task', () => {
    expect(plan(new Map([plugin('silent', undefined)]))).toEqual([
      ['neo', 0],
      ['silent', 1],
    ]);
  });
});

describe('hooks are refused', () => {
  it('that are not installed, with the name that was probably meant', () => {
    const [problem] = findHookProblems(specOf('predatr'), new Map([plugin('predator', 'post')]));
    expect(problem).toEqual({
      path: 'hooks.predatr',
      message: 'is no hook plugin of the server (installed: predator), did you mean "predator"?',
    });
  });

  it('that are given twice, with the configuration keys that are', () => {
    const twice = { name: 'KEY', value: '' };
    const hooks = [
      { name: 'audit', config: [twice, twice] },
      { name: 'audit', config: [] },
    ];
    expect(findHookProblems(makeJobSpec({ hooks }), new Map([plugin('audit', 'post')]))).toEqual([
      { path: 'hooks.audit.config.KEY', message: 'is given twice' },
      { path: 'hooks.audit', message: 'is given twice' },
    ]);
  });

  it('that wait for what runs after them', () => {
    const plugins = new Map([plugin('check', 'pre', ['audit']), plugin('audit', 'post')]);
    expect(findHookProblems(specOf('check', 'audit'), plugins)).toEqual([
      { path: 'hooks.check', message: expect.stringContaining('depends on "audit" and runs before it') },
    ]);
  });

  it('that wait for themselves in a circle', () => {
    const plugins = new Map([
      plugin('a', 'post', ['b']),
      plugin('b', 'post', ['a']),
      plugin('c', 'post', ['a']),
    ]);
    const problems = findHookProblems(specOf('a', 'b', 'c'), plugins);
    expect(problems.map(({ path }) => path)).toEqual(['hooks.a', 'hooks.b']);
    expect(plan(plugins).length).toBe(4);
  });
});
