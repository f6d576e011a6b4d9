import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { findTemplateProblems } from './find-template-problems.ts';

const base = makeJobSpec();

function problemsOf(value: string, assets: Readonly<Record<string, string>> = {}) {
  const task = { ...base.task, config: [{ name: 'RANGE_START', value }] };
  return findTemplateProblems({ ...base, task, assets });
}

it('finds nothing wrong with templates that parse, whatever they refer to', () => {
  expect(
    problemsOf('{{.DSTART | Date}} {{.secret.missing}}', {
      'q.sql': '{{template "p.tmpl" .}}',
      'p.tmpl': 'x',
    }),
  ).toEqual([]);
});

it('names the entry of a configuration whose template is broken', () => {
  const [problem, ...others] = problemsOf('{{.DSTART');
  expect(others).toEqual([]);
  expect(problem?.path).toBe(`${base.task.name}.config.RANGE_START`);
  expect(problem?.message).toContain('unclosed action');
});

it('names the hook whose condition is broken', () => {
  const hooks = [{ name: 'audit', when: '{{.DSTART', config: [] }];
  expect(findTemplateProblems({ ...base, hooks })).toMatchObject([{ path: 'audit.when' }]);
});

it('names the asset whose template is broken, and its line', () => {
  const [problem] = problemsOf('', { 'query.sql': 'select 1\n{{ if }}' });
  expect(problem).toMatchObject({ path: 'assets.query.sql', place: { line: 2 } });
  expect(problem?.message).toContain('query.sql:2');
});
