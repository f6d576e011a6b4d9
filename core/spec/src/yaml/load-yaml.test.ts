import { expect, it } from 'vitest';
import { formatProblem } from './file-problem.ts';
import { loadYaml } from './load-yaml.ts';

it.each([
  ['a flow', `labels: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`],
  ['a map', `labels: ${'{ a: '.repeat(20_000)}${'}'.repeat(20_000)}\n`],
])('says of %s that is nested without end what is wrong, not how the parser failed', (_what, text) => {
  const { value, problems } = loadYaml({ file: 'job.yaml', text });
  expect(value).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
  for (const { message } of problems) expect(message).not.toMatch(/stack/i);
});

it.each([
  [
    'a line without a colon',
    'name: abc\nowner kush\ntask: x\n',
    '2:1 has no key and value; is a colon missing',
  ],
  ['a colon without a blank', 'version:1\nname: abc\n', '1:1 has no key and value; is a colon missing'],
  ['a text with a colon', 'description: see: this\n', '1:14 is followed by a second key: put a text'],
  [
    'a line that is too far to the right',
    'a:\n  b: x\n   c: y\n',
    '2:6 is followed by a second key: put a text',
  ],
  ['a list that is out of step', 'h:\n  - a: x\n - a: y\n', '3:1 A block sequence may not be used'],
  ['a template without quotes', 'a:\n  b: {{.DSTART}}\n', '2:7 a map cannot be a key; put a template into'],
  [
    'a template that begins a text',
    'a:\n  b: {{ .x }}/y\n',
    '2:7 a map cannot be a key; put a template into',
  ],
])('tells of %s once', (_what, text, told) => {
  const problems = loadYaml({ file: 'job.yaml', text }).problems.map(formatProblem);
  expect(problems).toEqual([expect.stringContaining(`job.yaml:${told}`)]);
});

it('tells of mistakes in several lines in one pass', () => {
  const { problems } = loadYaml({ file: 'job.yaml', text: 'owner: @me\nname: `x`\nowner: you\n' });
  expect(problems.map(({ line }) => line)).toEqual([1, 2, 3]);
});

it('tells of a key that is given twice in a text whose aliases explode', () => {
  const levels = Array.from({ length: 9 }, (_, level) => `b${level}: &b${level} [${'x, '.repeat(9)}x]\n`);
  const bomb = levels.map((line, level) =>
    level === 0 ? line : line.replaceAll(/\bx\b/g, `*b${level - 1}`),
  );
  const { value, problems } = loadYaml({ file: 'job.yaml', text: `a: 1\na: 2\n${bomb.join('')}` });
  expect(value).toBeUndefined();
  expect(problems.map(formatProblem)).toEqual(['job.yaml:2:1 the key a is given twice, remove one']);
});

it.each([
  ['a: [\n  b\n]\n', { a: ['b'] }],
  ['a:\n  b: {\n    c: d\n  }\n  e: |\n    {\n    }\n', { a: { b: { c: 'd' }, e: '{\n}\n' } }],
  ['a:\n  b: [\n    c, {\n    }\n]\nd: e\n', { a: { b: ['c', {}] }, d: 'e' }],
])('reads brackets that close in the column of their key, as Go does: %j', (text, value) => {
  expect(loadYaml({ file: 'job.yaml', text })).toEqual({ value, isEmpty: false, problems: [] });
});

it('says where text of a list stands too far to the left', () => {
  const { problems } = loadYaml({ file: 'job.yaml', text: 'a: [\nb\n]\n' });
  expect(problems.map(formatProblem)[0]).toMatch(/^job\.yaml:2:1 /);
});

it('refuses a key that copying a map would lose, and takes it as a value', () => {
  const { problems } = loadYaml({ file: 'job.yaml', text: 'labels:\n  __proto__: a\n  b: __proto__\n' });
  expect(problems.map(formatProblem)).toEqual(['job.yaml:2:3 a key cannot be called __proto__, rename it']);
  const text = 'labels: { b: __proto__ }\n';
  expect(loadYaml({ file: 'job.yaml', text }).value).toEqual({ labels: { b: '__proto__' } });
});
