import { expect, it } from 'vitest';
import { readRecording } from '../feed/feed-recording.ts';
import { countRecorded } from './recorded-counts.ts';

it('counts each day of the week once: 61 objects, 6 of them hazardous', async () => {
  const week = { start: '2022-09-18', end: '2022-09-25' };
  expect(countRecorded(await readRecording(), week)).toEqual({ tracked: 61, hazardous: 6 });
});

it('leaves the last day out', async () => {
  const day = { start: '2022-09-18', end: '2022-09-19' };
  expect(countRecorded(await readRecording(), day)).toEqual({ tracked: 10, hazardous: 3 });
});
