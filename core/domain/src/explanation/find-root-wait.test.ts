import { describe, expect, it } from 'vitest';
import { parseJobName } from '../job/job-name.ts';
import { parseProjectName } from '../project/project.ts';
import { findRootWait } from './find-root-wait.ts';
import type { WaitEdge } from './run-facts.ts';

/** That one run waits for another, named alike; the state `none` stands for no run. */
function wait(runId: string, upstream: string, state: string, isHalted = false): WaitEdge {
  const isThere = state !== 'none';
  return {
    runId,
    upstream: { project: parseProjectName('sky'), job: parseJobName(upstream), scheduledAt: new Date(0) },
    upstreamJobId: upstream,
    upstreamRunId: isThere ? upstream : undefined,
    state: isThere ? (state as WaitEdge['state']) : undefined,
    isPast: false,
    isHalted,
  };
}

function rootOf(...edges: readonly WaitEdge[]): string | undefined {
  const root = findRootWait(edges, 'own');
  return root && `${root.edge.upstream.job} through ${root.through.upstream.job}, ${root.depth} between`;
}

describe('the run with which waiting begins', () => {
  it('is the one waited for, when that does not wait itself', () => {
    expect(rootOf(wait('own', 'aaa', 'running'))).toBe('aaa through aaa, 0 between');
  });

  it('is found behind runs that wait', () => {
    const edges = [
      wait('own', 'aaa', 'wait_upstream'),
      wait('aaa', 'bbb', 'wait_upstream'),
      wait('bbb', 'ccc', 'failed'),
    ];
    expect(rootOf(...edges)).toBe('ccc through aaa, 2 between');
  });

  it('is one that failed, before one without a run, before one that runs, however far', () => {
    const far = [wait('own', 'aaa', 'wait_upstream'), wait('aaa', 'bbb', 'failed')];
    expect(rootOf(wait('own', 'xxx', 'running'), wait('own', 'yyy', 'none'), ...far)).toMatch(/^bbb /);
    expect(rootOf(wait('own', 'xxx', 'running'), wait('own', 'yyy', 'none'))).toMatch(/^yyy /);
    expect(rootOf(wait('own', 'yyy', 'none'), wait('own', 'zzz', 'none', true))).toMatch(/^zzz /);
  });

  it('is the nearest of those that failed', () => {
    const edges = [
      wait('own', 'aaa', 'wait_upstream'),
      wait('own', 'bbb', 'failed'),
      wait('aaa', 'ccc', 'failed'),
    ];
    expect(rootOf(...edges)).toBe('bbb through bbb, 0 between');
  });

  it('is found once where many ways lead to it', () => {
    const wide = Array.from({ length: 30 }, (_, level) => [
      wait(level === 0 ? 'own' : `n${level}a`, `n${level + 1}a`, 'wait_upstream'),
      wait(level === 0 ? 'own' : `n${level}a`, `n${level + 1}b`, 'wait_upstream'),
      wait(`n${level}b`, `n${level + 1}a`, 'wait_upstream'),
      wait(`n${level}b`, `n${level + 1}b`, 'wait_upstream'),
    ]).flat();
    expect(rootOf(...wide, wait('n30a', 'end', 'failed'))).toMatch(/^end /);
  });

  it('is not known without waits', () => {
    expect(rootOf()).toBeUndefined();
  });
});
