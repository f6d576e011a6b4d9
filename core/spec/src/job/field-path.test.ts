import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { toFieldPath } from './field-path.ts';

const base = makeJobSpec();
const spec = {
  ...base,
  task: { ...base.task, name: 'neo' },
  hooks: [
    { name: 'check', config: [] },
    { name: 'check.more', config: [] },
  ],
  dependencies: [
    { type: 'intra' as const, name: 'one' },
    { type: 'http' as const, name: '', http: { name: 'ready', url: '', headers: {}, params: {} } },
  ],
};

it.each<[string, readonly PropertyKey[]]>([
  ['task.name', ['task', 'name']],
  ['schedule.interval', ['schedule', 'interval']],
  ['task.config.a.b', ['task', 'config', 'a.b']],
  ['neo.config.KEY', ['task', 'config', 'KEY']],
  ['hooks.check', ['hooks', 0]],
  ['hooks.check.more.config.KEY', ['hooks', 1, 'config', 'KEY']],
  ['check.when', ['hooks', 0, 'when']],
  ['dependencies', ['dependencies']],
  ['dependencies.http.ready.url', ['dependencies', 1, 'http', 'url']],
  ['assets.part/one.sql', ['assets', 'part/one.sql']],
])('%s stands where its author wrote it', (field, path) => {
  expect(toFieldPath(field, spec)).toEqual(path);
});
