import { describe, expect, it } from 'vitest';
import { parseText, readFixture } from '../testing/read-fixture.ts';
import { addHook } from './add-hook.ts';

const hook = {
  name: 'added',
  config: [
    { name: 'A', value: '{{.x}}' },
    { name: 'B', value: '1' },
  ],
};
const head =
  'version: 2 # the version\nname:   abc\nowner: "me too"\nschedule: {start_date: 2022-01-01}\ntask: {name: t}\n';
const block = 'hooks:\n  - name: added\n    config:\n      A: "{{.x}}"\n      B: "1"\n';

describe('a hook is added', () => {
  it.each([
    ['where there are none', head, `${head}${block}`],
    ['where the last line does not end', head.trimEnd(), `${head}${block}`],
    ['where the list is empty', `${head}hooks: []\nlabels: {}\n`, `${head}${block}labels: {}\n`],
    ['where the list is left out', `${head}hooks:\nlabels: {}\n`, `${head}${block}labels: {}\n`],
    ['beside a comment', `${head}hooks: [] # none\n`, `${head}${block.replace('hooks:', 'hooks: # none')}`],
    [
      'after the last, at its own indentation',
      `${head}hooks:\n- name: one # first\n  config: {X: y}\n\n# about labels\nlabels: {}\n`,
      `${head}hooks:\n- name: one # first\n  config: {X: y}\n- name: added\n  config:\n    A: "{{.x}}"\n    B: "1"\n\n# about labels\nlabels: {}\n`,
    ],
    [
      'to a list on one line',
      `${head}hooks: [{name: one}] # one\nlabels: {}\n`,
      `${head}hooks: [{name: one}, {"name":"added","config":{"A":"{{.x}}","B":"1"}}] # one\nlabels: {}\n`,
    ],
    [
      'before a comment at the end of a list in brackets',
      `${head}hooks: [\n  {name: one}, # one\n]\n`,
      `${head}hooks: [\n  {name: one}, {"name":"added","config":{"A":"{{.x}}","B":"1"}}, # one\n]\n`,
    ],
    [
      'after a comment in an empty list',
      `${head}hooks: [ # none yet\n]\n`,
      `${head}hooks: [ # none yet\n  {"name":"added","config":{"A":"{{.x}}","B":"1"}}\n]\n`,
    ],
    ['before the mark that ends the document', `${head}...\n`, `${head}${block}...\n`],
  ])('%s, and the rest stays as it is', (_where, text, edited) => {
    expect(addHook(text, hook)).toBe(edited);
    const before = parseText(text).spec;
    expect(parseText(edited).spec).toEqual({ ...before, hooks: [...(before?.hooks ?? []), hook] });
  });

  it.each([head, `${head}hooks: [] # none\n`, `${head}hooks:\n  - name: one\nlabels: {}`, head.trimEnd()])(
    'with the line ends that the file has: %j',
    (text) => {
      const windows = text.replaceAll('\n', '\r\n');
      expect(addHook(windows, hook)).toBe(addHook(text, hook).replaceAll('\n', '\r\n'));
    },
  );

  it.each(['version-1', 'version-2', 'version-3'] as const)('to the fixture of %s', (name) => {
    const text = readFixture(name);
    const before = parseText(text).spec;
    const edited = addHook(text, hook);
    expect(parseText(edited).spec).toEqual({ ...before, hooks: [...(before?.hooks ?? []), hook] });
    const kept = edited.split('\n');
    expect(text.split('\n').filter((line) => !kept.includes(line) && !line.startsWith('hooks:'))).toEqual([]);
  });
});

describe('no hook is added', () => {
  it('twice', () => {
    expect(() => addHook(`${head}hooks: [{name: added}]\n`, hook)).toThrow(
      'the job has the hook added already',
    );
  });

  it.each(['a: [', '- a'])('to what cannot be read: %s', (text) => {
    expect(() => addHook(text, hook)).toThrow('the file cannot be read');
  });
});
