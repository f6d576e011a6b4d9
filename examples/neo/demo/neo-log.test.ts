import { describe, expect, it } from 'vitest';
import { parseNeoLog, sumCounts } from './neo-log.ts';

const object =
  'Name: (2014 KP4)\nEstimated Diameter: 0.8204270649 km\nRelative Velocity: 147052.9914506647 km/h\n\n\n';

function toLog({
  tracked,
  hazardous,
  objects,
}: {
  tracked: number;
  hazardous: number;
  objects: string;
}): string {
  const range = 'for date range 2022-09-18T00:00:00Z - 2022-09-19T00:00:00Z';
  return `${range}\ntotal tracking: ${tracked}\npotential hazardous: ${hazardous}\n${objects}`;
}

describe('a task log', () => {
  it('gives its counts', () => {
    const log = toLog({ tracked: 14, hazardous: 1, objects: object });
    expect(parseNeoLog(log)).toEqual({ tracked: 14, hazardous: 1 });
  });

  it('may list no object', () => {
    const log = toLog({ tracked: 3, hazardous: 0, objects: '' });
    expect(parseNeoLog(log)).toEqual({ tracked: 3, hazardous: 0 });
  });

  it.each([
    ['lists fewer objects than it counts', toLog({ tracked: 14, hazardous: 2, objects: object })],
    ['lists an object without its velocity', toLog({ tracked: 14, hazardous: 1, objects: 'Name: x\n\n\n' })],
    ['ends in the middle', toLog({ tracked: 14, hazardous: 1, objects: object }).slice(0, -1)],
    ['has a word before it', `warning\n${toLog({ tracked: 0, hazardous: 0, objects: '' })}`],
    ['is empty', ''],
  ])('that %s is refused', (_, log) => {
    expect(() => parseNeoLog(log)).toThrow('not of the form');
  });
});

describe('the sum of counts', () => {
  it('adds each field', () => {
    const counts = [
      { tracked: 10, hazardous: 3 },
      { tracked: 11, hazardous: 0 },
    ];
    expect(sumCounts(counts)).toEqual({ tracked: 21, hazardous: 3 });
  });
});
