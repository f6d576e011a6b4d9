import { describe, expect, it } from 'vitest';
import { planNextProbe, planProbes, toTarget } from './run-probe.ts';

describe('the pause before the next try', () => {
  it('grows from seconds to five minutes', () => {
    const pauses = [1, 2, 3, 4, 8, 9, 1000].map((tries) => planNextProbe(tries, 0) / 1000);
    expect(pauses).toEqual([2, 4, 8, 16, 256, 300, 300]);
  });

  it('is shortened by chance, by half at most', () => {
    expect(planNextProbe(3, 1)).toBe(4_000);
    expect(planNextProbe(3, 0.5)).toBe(6_000);
  });
});

describe('the probes of a job', () => {
  it('are its endpoints, shown without query and password', () => {
    const http = {
      name: 'landed',
      url: 'https://ada:hush@files.example.io/{{.DSTART}}/ready?token=hush',
      headers: {},
      params: {},
    };
    const dependencies = [
      { type: 'intra', name: 'other' },
      { type: 'http', name: '', http },
    ] as const;
    expect(planProbes({ dependencies })).toEqual([
      { kind: 'http', name: 'landed', target: 'https://files.example.io/{{.DSTART}}/ready' },
    ]);
  });

  it.each([
    ['http://h:1/p#f', 'http://h:1/p'],
    ['{{.GLOBAL__HOST}}/p?q={{.secret.a}}', '{{.GLOBAL__HOST}}/p'],
    ['http://h/a@b', 'http://h/a@b'],
  ])('show %s as %s', (url, target) => {
    expect(toTarget(url)).toBe(target);
  });
});
