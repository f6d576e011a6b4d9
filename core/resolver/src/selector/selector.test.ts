import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { graphOf, job } from '../graph/graph-fixtures.ts';
import { parseSelector } from './parse-selector.ts';
import { type SelectionScope, selectJobs } from './select-jobs.ts';
import { listCriteria } from './selector.ts';

/** raw → clean → { sales, ads } → report, and one job alone. */
const upstreams = {
  raw: [],
  clean: ['raw'],
  'mart.sales': ['clean'],
  'mart.ads': ['clean'],
  report: ['mart.sales', 'mart.ads'],
  alone: [],
};

const labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'mart.sales': { team: 'sales', tier: '1' },
  'mart.ads': { team: 'ads' },
  report: { team: 'sales' },
};

const scope: SelectionScope = {
  jobs: Object.keys(upstreams).map((name) => ({
    name: job(name),
    namespace: name.startsWith('mart') ? 'marts' : 'lake',
    labels: labels[name] ?? {},
  })),
  graph: graphOf(upstreams).graph,
  changed: new Map([['main', new Set([job('mart.ads')])]]),
  states: new Map([['failed', new Set([job('report'), job('alone')])]]),
};

function select(text: string): readonly string[] {
  return selectJobs(parseSelector(text), scope);
}

function errorOf(text: string): OptimusError {
  try {
    select(text);
  } catch (thrown) {
    if (thrown instanceof OptimusError) return thrown;
  }
  throw new OptimusError('REQUEST_INVALID', { message: `selector ${text} was not refused` });
}

describe('a selector', () => {
  it.each<readonly [string, readonly string[]]>([
    ['clean', ['clean']],
    ['+clean', ['raw', 'clean']],
    ['clean+', ['clean', 'mart.sales', 'mart.ads', 'report']],
    ['+clean+', ['raw', 'clean', 'mart.sales', 'mart.ads', 'report']],
    ['clean+1', ['clean', 'mart.sales', 'mart.ads']],
    ['1+report', ['mart.sales', 'mart.ads', 'report']],
    ['2+report', ['clean', 'mart.sales', 'mart.ads', 'report']],
    ['0+report+0', ['report']],
    ['mart.*', ['mart.sales', 'mart.ads']],
    ['*a*e', ['alone']],
    ['*', ['raw', 'clean', 'mart.sales', 'mart.ads', 'report', 'alone']],
    ['nothing*', []],
    ['tag:team=sales', ['mart.sales', 'report']],
    ['tag:team', ['mart.sales', 'mart.ads', 'report']],
    ['tag:team=nobody', []],
    ['tag:toString', []],
    ['ns:marts', ['mart.sales', 'mart.ads']],
    ['changed:main', ['mart.ads']],
    ['changed:main+', ['mart.ads', 'report']],
    ['state:failed', ['report', 'alone']],
    ['raw alone', ['raw', 'alone']],
    ['alone   raw raw', ['raw', 'alone']],
    ['ns:marts,tag:team=ads', ['mart.ads']],
    ['+report,tag:team=sales', ['mart.sales', 'report']],
    ['raw ns:marts,tag:tier alone', ['raw', 'mart.sales', 'alone']],
    ['state:failed,ns:marts', []],
  ])('%s selects %j', (text, names) => {
    expect(select(text)).toEqual(names);
  });

  it('tells beforehand which references and states it needs', () => {
    expect(listCriteria(parseSelector('+raw changed:HEAD~1,state:failed'))).toEqual([
      { by: 'name', pattern: 'raw' },
      { by: 'changed', ref: 'HEAD~1' },
      { by: 'state', state: 'failed' },
    ]);
  });

  it('walks around a cycle once', () => {
    const jobs = ['aaa', 'bbb'].map((name) => ({ name: job(name), namespace: 'n', labels: {} }));
    const { graph } = graphOf({ aaa: ['bbb'], bbb: ['aaa'] });
    expect(selectJobs(parseSelector('+aaa'), { jobs, graph })).toEqual(['aaa', 'bbb']);
  });

  it('with a pattern of many stars costs no time', () => {
    const jobs = [{ name: job('a'.repeat(220)), namespace: 'n', labels: {} }];
    const pattern = `${'*a'.repeat(100)}*b`;
    expect(selectJobs(parseSelector(pattern), { jobs, graph: graphOf({}).graph })).toEqual([]);
  });
});

describe('a selector that cannot be', () => {
  it.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['raw,,clean', 'has an empty term'],
    ['+', 'has an empty term'],
    ['raw+clean', 'has a + in its middle'],
    ['tga:x=y', 'selects by "tga", which is no criterion, did you mean "tag"?'],
    ['constructor:x', 'selects by "constructor", which is no criterion'],
    ['ns:', 'says nothing after its colon'],
    ['state:faild', 'no run can be "faild", did you mean "failed"?'],
    ['changed:other', 'cannot be answered here'],
  ])('is refused with what is wrong: %j', (text, fault) => {
    expect(errorOf(text)).toMatchObject({ code: 'REQUEST_INVALID', hint: expect.stringMatching(/./) });
    expect(errorOf(text).message).toContain(fault);
  });

  it('is one with an unknown job, and the nearest name is given', () => {
    expect(errorOf('reprot')).toMatchObject({
      code: 'JOB_NOT_FOUND',
      message: 'there is no job "reprot", did you mean "report"?',
    });
  });

  it('is one with an unknown namespace, and the nearest name is given', () => {
    expect(errorOf('ns:mart')).toMatchObject({
      code: 'NOT_FOUND',
      message: 'no job is in namespace "mart", did you mean "marts"?',
    });
  });
});
