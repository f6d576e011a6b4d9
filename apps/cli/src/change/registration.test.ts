import { describe, expect, it } from 'vitest';
import { compareRegistered, isRegistered, isSameRegistration, narrowTo } from './registration.ts';

const day = { description: '', size: '1d', truncateTo: 'd' };
const lake = { config: { BUCKET: 'a' }, presets: { day }, namespaces: { sky: { KEY: 'v' } } };

describe('what is to be registered', () => {
  it('of a project that nobody knows is the project and every namespace', () => {
    expect(compareRegistered('lake', undefined, lake)).toMatchObject([
      { kind: 'project', name: 'lake', action: 'create' },
      { kind: 'namespace', name: 'sky', action: 'create', fields: [{ path: 'config.KEY', after: 'v' }] },
    ]);
  });

  it('is nothing when all is as wanted, whether a part is absent or empty', () => {
    const sent = { ...day, shiftBy: '', location: '' };
    const stored = { ...lake, presets: { day: sent }, namespaces: { ...lake.namespaces, sea: {} } };
    expect(compareRegistered('lake', stored, lake)).toEqual([]);
  });

  it('is told key by key', () => {
    const wanted = { config: { BUCKET: 'b', NEW: 'n' }, presets: {}, namespaces: { sky: {}, sea: {} } };
    const [project, sky, sea] = compareRegistered('lake', lake, wanted);
    expect(project).toEqual({
      kind: 'project',
      name: 'lake',
      action: 'change',
      fields: [
        { path: 'config.BUCKET', before: 'a', after: 'b' },
        { path: 'config.NEW', before: undefined, after: 'n' },
        { path: 'presets.day', before: '{"size":"1d","truncate_to":"d"}', after: undefined },
      ],
    });
    expect(sky).toMatchObject({ action: 'change', fields: [{ path: 'config.KEY', before: 'v' }] });
    expect(sea).toEqual({ kind: 'namespace', name: 'sea', action: 'create', fields: [] });
  });
});

it('counts as registered while only presets are left to go, which jobs may hold', () => {
  const without = { ...lake, presets: {} };
  expect(isRegistered(compareRegistered('lake', lake, without))).toBe(true);
  expect(isRegistered(compareRegistered('lake', without, lake))).toBe(false);
  expect(isRegistered(compareRegistered('lake', undefined, lake))).toBe(false);
});

it('is the same when found again, whatever happens to other namespaces', () => {
  const more = { ...lake, namespaces: { ...lake.namespaces, sea: {} } };
  expect(isSameRegistration(lake, narrowTo(lake, more))).toBe(true);
  expect(isSameRegistration(lake, more)).toBe(false);
  expect(isSameRegistration(undefined, narrowTo(lake, undefined))).toBe(true);
  expect(isSameRegistration(undefined, lake)).toBe(false);
});
