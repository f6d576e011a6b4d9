import { describe, expect, it } from 'vitest';
import { createRandom, createRandomUpstreams, graphOf, job } from './graph-fixtures.ts';
import type { JobGraph } from './job-graph.ts';
import { computePriorities, sortByDependency } from './job-priority.ts';

const diamond = { top: [], left: ['top'], right: ['top'], bottom: ['left', 'right'], alone: [] };

describe('a graph', () => {
  it('knows the direct neighbours of a job both ways', () => {
    const { graph, problems } = graphOf(diamond);
    expect(problems).toEqual([]);
    expect(graph.upstreamsOf(job('bottom'))).toEqual(['left', 'right']);
    expect(graph.downstreamsOf(job('top'))).toEqual(['left', 'right']);
    expect(graph.upstreamsOf(job('alone'))).toEqual([]);
    expect(graph.jobs()).toEqual(['top', 'left', 'right', 'bottom', 'alone']);
  });

  it('walks to the roots and to the leaves, nearest first, each job once', () => {
    const { graph } = graphOf(diamond);
    expect(graph.walkUpstream(job('bottom'))).toEqual([
      { name: 'left', distance: 1 },
      { name: 'right', distance: 1 },
      { name: 'top', distance: 2 },
    ]);
    expect(graph.walkDownstream(job('top')).map(({ name }) => name)).toEqual(['left', 'right', 'bottom']);
    expect(graph.walkDownstream(job('top'), 1).map(({ name }) => name)).toEqual(['left', 'right']);
  });

  it('walks around a cycle once', () => {
    const { graph } = graphOf({ aaa: ['bbb'], bbb: ['aaa'] });
    expect(graph.walkUpstream(job('aaa'))).toEqual([{ name: 'bbb', distance: 1 }]);
  });

  it('is empty around a job that it does not have', () => {
    const { graph } = graphOf(diamond);
    expect([graph.has(job('nobody')), graph.has(job('top'))]).toEqual([false, true]);
    expect(graph.walkUpstream(job('nobody'))).toEqual([]);
  });

  it('counts a dependency given twice once', () => {
    const { graph } = graphOf({ top: [], left: ['top', 'top', 'inter:lake/top'] });
    expect(graph.upstreamsOf(job('left'))).toEqual(['top']);
    expect(graph.downstreamsOf(job('top'))).toEqual(['left']);
  });

  it('carries what lies outside the project without resolving it', () => {
    const { graph, problems } = graphOf({ one: ['inter:sea/fish', 'http:ready', 'extra:manual'] });
    expect(problems).toEqual([]);
    expect(graph.externalsOf(job('one')).map(({ type }) => type)).toEqual(['inter', 'http', 'extra']);
    expect(graph.upstreamsOf(job('one'))).toEqual([]);
  });
});

describe('an unknown dependency', () => {
  it('is reported with the job, the dependency and the nearest name', () => {
    const { problems } = graphOf({ asteroids: [], comets: ['asteriods'] });
    expect(problems).toMatchObject([
      {
        code: 'DEPENDENCY_UNKNOWN',
        message:
          'job "comets" depends on "asteriods", which is no job of project "lake", did you mean "asteroids"?',
        fields: { project: 'lake', job: 'comets', dependency: 'asteriods' },
      },
    ]);
  });

  it('is found in the own project too when it is written as inter', () => {
    expect(graphOf({ one: ['inter:lake/two'] }).problems).toMatchObject([{ fields: { dependency: 'two' } }]);
  });

  it.each(['inter:two', 'inter:', 'inter:a/b/c', 'inter:/b'])(
    'is one that is not project/job: %s',
    (dependency) => {
      const [problem] = graphOf({ one: [dependency] }).problems;
      expect(problem).toMatchObject({ code: 'DEPENDENCY_UNKNOWN' });
      expect(problem?.message).toContain('not of the form project/job');
    },
  );

  it('hides none of the others', () => {
    expect(graphOf({ one: ['xxxx', 'yyyy'], two: ['zzzz', 'one'] }).problems).toHaveLength(3);
  });
});

describe('a cycle', () => {
  function cyclesOf(upstreams: Readonly<Record<string, readonly string[]>>): readonly string[] {
    return graphOf(upstreams).problems.map(({ message }) => message);
  }

  it('is reported with its whole path', () => {
    const upstreams = { aaa: ['bbb'], bbb: ['ccc'], ccc: ['aaa'], ddd: ['aaa'], eee: [] };
    expect(cyclesOf(upstreams)).toEqual(['jobs wait for each other: aaa → bbb → ccc → aaa']);
    expect(graphOf(upstreams).problems).toMatchObject([{ code: 'DEPENDENCY_CYCLE' }]);
  });

  it('of one job is a cycle', () => {
    expect(cyclesOf({ aaa: ['aaa'] })).toEqual(['jobs wait for each other: aaa → aaa']);
  });

  it('is shown as short as it can be', () => {
    expect(cyclesOf({ aaa: ['bbb', 'ccc'], bbb: ['ccc'], ccc: ['aaa'] })).toEqual([
      'jobs wait for each other: aaa → ccc → aaa',
    ]);
  });

  it('does not hide another one, not even upstream of it', () => {
    const messages = cyclesOf({ aaa: ['bbb', 'ccc'], bbb: ['aaa'], ccc: ['ddd'], ddd: ['ccc'] });
    expect(messages.toSorted()).toEqual([
      'jobs wait for each other: aaa → bbb → aaa',
      'jobs wait for each other: ccc → ddd → ccc',
    ]);
  });

  it('makes an order impossible, and says why', () => {
    const { graph } = graphOf({ aaa: ['bbb'], bbb: ['aaa'] });
    expect(() => sortByDependency(graph)).toThrow('aaa → bbb → aaa');
    expect(() => computePriorities(graph)).toThrow('aaa → bbb → aaa');
  });
});

describe('priorities', () => {
  function prioritiesOf(
    upstreams: Readonly<Record<string, readonly string[]>>,
  ): Readonly<Record<string, number>> {
    return Object.fromEntries(computePriorities(graphOf(upstreams).graph));
  }

  it('sink by ten with every level, by the longest way', () => {
    const upstreams = { root: [], middle: ['root'], short: ['root'], leaf: ['root', 'middle', 'short'] };
    expect(prioritiesOf(upstreams)).toEqual({ root: 10_000, middle: 9_990, short: 9_990, leaf: 9_980 });
  });

  it('count a job of another project as one level, and no other thing outside', () => {
    const upstreams = { one: ['inter:sea/fish'], two: ['http:x'], three: ['extra:y'], four: ['one'] };
    expect(prioritiesOf(upstreams)).toEqual({ one: 9_990, two: 10_000, three: 10_000, four: 9_980 });
  });
});

describe('random graphs', () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);

  function longestChains(
    upstreams: Readonly<Record<string, readonly string[]>>,
  ): Readonly<Record<string, number>> {
    const known: Record<string, number> = {};
    const chain = (name: string): number =>
      (known[name] ??= Math.max(0, ...(upstreams[name] ?? []).map((upstream) => chain(upstream) + 1)));
    return Object.fromEntries(Object.keys(upstreams).map((name) => [name, chain(name)]));
  }

  it.each(seeds)('seed %i: is free of cycles, ordered, and prioritised by the longest chain', (seed) => {
    const upstreams = createRandomUpstreams(seed, 80, 4);
    const { graph, problems } = graphOf(upstreams);
    expect(problems).toEqual([]);
    const position = new Map(sortByDependency(graph).map((name, index) => [name, index]));
    expect(position.size).toBe(80);
    for (const name of graph.jobs()) {
      expect(
        graph
          .upstreamsOf(name)
          .every((upstream) => (position.get(upstream) ?? 99) < (position.get(name) ?? 0)),
      ).toBe(true);
    }
    const levels = longestChains(upstreams);
    expect(Object.fromEntries(computePriorities(graph))).toEqual(
      Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, 10_000 - 10 * level])),
    );
  });

  it.each(seeds)('seed %i: finds the cycle that one more dependency closes, and its path holds', (seed) => {
    const upstreams = createRandomUpstreams(seed, 80, 4);
    const before = graphOf(upstreams).graph;
    const leaf = pickDependent(before, createRandom(seed));
    const root = before.walkUpstream(leaf).at(-1)?.name ?? leaf;
    const { graph, problems } = graphOf({ ...upstreams, [root]: [...(upstreams[root] ?? []), leaf] });
    const paths = problems.map(({ fields }) => (fields['path'] ?? '').split(' → ').map(job));
    expect(paths).toHaveLength(1);
    for (const path of paths) {
      expect(path[0]).toBe(path.at(-1));
      const steps = path.slice(1).map((to, index) => graph.upstreamsOf(path[index] ?? to).includes(to));
      expect(steps.every(Boolean)).toBe(true);
    }
  });

  function pickDependent(graph: JobGraph, random: () => number) {
    const dependents = graph.jobs().filter((name) => graph.upstreamsOf(name).length > 0);
    return dependents[Math.floor(random() * dependents.length)] ?? job('none');
  }
});

describe('ten thousand jobs', () => {
  it('take a moment, also in one chain', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`job-${index}`, index === 0 ? [] : [`job-${index - 1}`]]),
    );
    const layered = createRandomUpstreams(7, 10_000, 6);
    for (const upstreams of [chain, layered]) {
      const startedAt = performance.now();
      const { graph, problems } = graphOf(upstreams);
      const priorities = computePriorities(graph);
      expect([problems, priorities.size]).toEqual([[], 10_000]);
      // Far above what it takes: this fails for a walk over paths, which needs hours, not for a busy machine.
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    }
  });
});
