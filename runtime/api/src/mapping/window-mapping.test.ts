import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { fromPresets, fromWindow, toPresets, toWindowFields } from './window-mapping.ts';

function read(message: MessageInitShape<typeof core.JobSpecificationSchema>) {
  return fromWindow(create(core.JobSpecificationSchema, message));
}

describe('the window of a specification', () => {
  it('is that of its window field, whatever the older fields say', () => {
    const window = { size: '1d', shiftBy: '-1d', location: 'Asia/Jakarta', truncateTo: 'h' };
    expect(read({ version: 3, windowSize: '24h', windowTruncateTo: 'd', window })).toEqual({
      ...window,
      offset: '',
    });
  });

  it.each([{ window: { preset: '@Yesterday' } }, { windowPreset: 'YESTERDAY' }])(
    'names a preset in its stored form: %j',
    (message) => {
      expect(read(message)).toEqual({ size: '', offset: '', truncateTo: '', preset: 'yesterday' });
    },
  );

  it('is not there when no field says anything', () => {
    expect(read({ version: 3 })).toEqual({ size: '', offset: '', truncateTo: '' });
  });

  it('goes into the older fields for clients that know no others', () => {
    const { version, task } = makeJobSpec();
    expect(toWindowFields(version, task.window)).toEqual({
      windowSize: '24h',
      windowOffset: '0',
      windowTruncateTo: 'd',
    });
  });

  it('is refused when it has a part that is not read', () => {
    expect(() => read({ window: { size: '1d', delay: '1d' } })).toThrow('window.delay is not read');
  });
});

describe('presets', () => {
  it('come back as they went', () => {
    const presets = {
      day: { description: 'the day before', size: '1d', truncateTo: 'd', shiftBy: '-1d', location: 'UTC' },
      month: { description: '', size: '1M', truncateTo: '' },
    };
    const project = create(core.ProjectSpecificationSchema, { presets: toPresets(presets) });
    expect(fromPresets(project.presets)).toEqual(presets);
  });

  it('are moved by what older clients call offset', () => {
    const project = create(core.ProjectSpecificationSchema, {
      presets: { day: { size: '1d', offset: '-1d' } },
    });
    expect(fromPresets(project.presets)).toMatchObject({ day: { shiftBy: '-1d' } });
  });
});
