import { expect, it } from 'vitest';
import { parseWitness } from './read-witness.ts';

const WHO = '7 spring 2026-03-01T00:00:03Z task/witness 1 /stage/server-1';

it('gathers what an attempt noted, and leaves out a line that was cut off', () => {
  const text = [
    `100 ${WHO} start`,
    `300 ${WHO} beat`,
    `310 ${WHO} end 3`,
    `310 ${WHO}`,
    `999 ${WHO} sta`,
  ].join('\n');
  expect(parseWitness(text)).toEqual([
    expect.objectContaining({
      attemptId: '7',
      starts: [100],
      beats: 1,
      lastSeenAt: 310,
      end: { at: 310, exitCode: 3 },
    }),
  ]);
});

it('tells an attempt that started twice, and one on two servers', () => {
  const text = `1 ${WHO} start\n2 ${WHO} start\n3 ${WHO.replace('server-1', 'server-2')} start\n`;
  expect(parseWitness(text).map(({ starts }) => starts)).toEqual([[1, 2], [3]]);
});
