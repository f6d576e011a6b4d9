import { create } from '@bufbuild/protobuf';
import type { WindowSpec } from '@optimus/domain';
import { core } from '@optimus/proto';
import { expect, it } from 'vitest';
import { fromWindowFields, toWindowFields } from './window-message.ts';

const WINDOWS: readonly (readonly [number, WindowSpec])[] = [
  [1, { size: '24h', offset: '0', truncateTo: 'd' }],
  [2, { size: '1M', offset: '-1M', truncateTo: 'M' }],
  [3, { size: '1d', offset: '', truncateTo: '', shiftBy: '-1d', location: 'Asia/Jakarta' }],
  [3, { size: '', offset: '', truncateTo: '', preset: 'yesterday' }],
  [3, { size: '', offset: '', truncateTo: '' }],
  [2, { size: '24h', offset: '0', truncateTo: 'd', location: 'Asia/Jakarta' }],
];

it.each(WINDOWS)('a window of version %i comes back as it went: %j', (version, window) => {
  const message = create(core.JobSpecificationSchema, toWindowFields(version, window));
  expect(fromWindowFields(message)).toEqual(window);
});

it('a window that older servers know goes in the fields that they know', () => {
  const fields = toWindowFields(2, { size: '24h', offset: '0', truncateTo: 'd' });
  expect(fields).toEqual({ windowSize: '24h', windowOffset: '0', windowTruncateTo: 'd' });
});
