import type { PluginEntry } from '@optimus/domain';
import { thisPlatform } from '@optimus/plugin-host';
import { describe, expect, it } from 'vitest';
import { listPluginRows } from './list-plugin-rows.ts';

const { os, arch } = thisPlatform;
const fileOf = (name: string, folder = '/p') => `${folder}/optimus-${name}_${os}_${arch}`;

function ready(path: string, name: string, shadows: readonly string[] = []): PluginEntry {
  const info = {
    name,
    kind: 'task',
    version: '1.0.0',
    description: '',
    mods: ['cli'],
    image: 'i:1',
    hookType: undefined,
    dependsOn: [],
    secretPath: '',
  } as const;
  return { state: 'ready', path, shadows, info };
}

describe('the listing', () => {
  it('shows after a plugin what it hides', () => {
    const hidden = fileOf('neo_0.9', '/later');
    expect(listPluginRows([ready(fileOf('neo'), 'neo', [hidden])], [fileOf('neo')])).toMatchObject([
      { name: 'neo', state: 'ready', mods: ['cli'], problem: '' },
      {
        name: 'neo',
        version: '0.9',
        state: 'shadowed',
        path: hidden,
        problem: `shadowed by ${fileOf('neo')}`,
      },
    ]);
  });

  it('names one that does not run by its file', () => {
    const path = fileOf('bq_2.0');
    const failed: PluginEntry = { state: 'failed', path, reason: 'is not executable', shadows: [] };
    expect(listPluginRows([failed], [path])).toEqual([
      {
        name: 'bq',
        kind: '',
        version: '2.0',
        mods: [],
        image: '',
        path,
        state: 'failed',
        problem: 'is not executable',
      },
    ]);
  });

  it('says which of two with one name is used: the one whose file has it, else the first', () => {
    const [other, namesake, last] = [fileOf('a'), fileOf('neo'), fileOf('z')];
    const states = (entries: readonly PluginEntry[], order: readonly string[]) =>
      listPluginRows(entries, order).map(({ path, state }) => `${path} ${state}`);
    expect(states([ready(other, 'neo'), ready(namesake, 'neo')], [other, namesake])).toEqual([
      `${namesake} ready`,
      `${other} shadowed`,
    ]);
    expect(states([ready(other, 'neo'), ready(last, 'neo')], [last, other])).toEqual([
      `${last} ready`,
      `${other} shadowed`,
    ]);
  });
});
