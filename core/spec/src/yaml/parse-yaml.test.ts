import { describe, expect, it } from 'vitest';
import { formatProblem } from './file-problem.ts';
import { parseYaml } from './parse-yaml.ts';
import { count, flag, listOf, optionalText, section, text, textMap } from './scalar-text.ts';

const schema = section({
  version: count,
  name: text,
  enabled: flag.nullish(),
  note: optionalText,
  config: textMap,
  hooks: listOf(section({ name: text, config: textMap })),
});

function problemsOf(source: string): readonly string[] {
  const parsed = parseYaml({ file: 'f.yaml', text: source }, schema);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

function valueOf(source: string) {
  const parsed = parseYaml({ file: 'f.yaml', text: source }, schema);
  return parsed.ok ? parsed.value : undefined;
}

describe('scalars', () => {
  it('keep the spelling of their author where text is meant', () => {
    const config = 'config: {a: 5, b: true, c: 010, d: 2022-09-18, e: 1.50, f: ~, g: "null", on: x}';
    expect(valueOf(`version: 1\nname: 7\n${config}\n`)).toMatchObject({
      name: '7',
      config: { a: '5', b: 'true', c: '010', d: '2022-09-18', e: '1.50', f: '', g: 'null', on: 'x' },
    });
  });

  it.each([
    ['yes', true],
    ['True', true],
    ['off', false],
  ])('%s is a truth value', (spelling, enabled) => {
    expect(valueOf(`version: 1\nname: x\nenabled: ${spelling}\n`)).toMatchObject({ enabled });
  });

  it('may be left empty', () => {
    expect(valueOf('version: 1\nname: x\nenabled:\nnote:\nhooks:\nconfig:\n')).toMatchObject({
      hooks: [],
      config: {},
    });
  });
});

describe('problems', () => {
  it('are all told at once, in the order of the file, each with its place', () => {
    const source = 'version: one\nnaem: x\nenabled: maybe\nhooks:\n  - name: h\n    confg: {}\n  - {}\n';
    expect(problemsOf(source)).toEqual([
      'f.yaml:1:1 name is missing',
      'f.yaml:1:10 version is "one", must be a whole number from 0 to 2147483647',
      'f.yaml:2:1 unknown key "naem", did you mean "name"?',
      'f.yaml:3:10 enabled is "maybe", must be true or false',
      'f.yaml:6:5 unknown key "confg" in hooks.0, did you mean "config"?',
      'f.yaml:7:5 hooks.1.name is missing',
    ]);
  });

  it('list what is known where no word is near', () => {
    expect(problemsOf('version: 1\nname: x\nzzzzzzzz: 1\n')).toEqual([
      'f.yaml:3:1 unknown key "zzzzzzzz"; known: version, name, enabled, note, config, hooks',
    ]);
  });

  it.each([
    ['name: [a]', 'f.yaml:2:7 name is a list, must be text'],
    ['name: x\nconfig: 5', 'f.yaml:3:9 config is "5", must be a map of names to texts'],
    ['name: x\nhooks: 5', 'f.yaml:3:8 hooks is "5", must be a list'],
    ['name: x\nhooks: [5]', 'f.yaml:3:9 hooks.0 is "5", must be a map'],
  ])('say what form is wanted: %j', (rest, problem) => {
    expect(problemsOf(`version: 1\n${rest}\n`)).toEqual([problem]);
  });

  it('of syntax have a place too', () => {
    expect(problemsOf('version: 1\nname: "x\n')).toEqual([expect.stringMatching(/^f\.yaml:\d+:\d+ .+/)]);
  });

  it('of keys given twice do not hide the others', () => {
    expect(problemsOf('version: 1\nname: x\nname: y\nenabled: maybe\n')).toEqual([
      'f.yaml:3:1 the key name is given twice, remove one',
      'f.yaml:4:10 enabled is "maybe", must be true or false',
    ]);
  });

  it('of a second document say what to take away', () => {
    expect(problemsOf('version: 1\nname: x\n---\nname: y\n')).toEqual([
      'f.yaml:3:1 begins a second document; a file holds one, so remove the line ---',
    ]);
  });

  it('of an empty file are its missing keys', () => {
    expect(problemsOf('')).toEqual(['f.yaml:1:1 version is missing', 'f.yaml:1:1 name is missing']);
  });

  it('of a file that is no map are told', () => {
    expect(problemsOf('- a\n')).toEqual(['f.yaml:1:1 is a list, must be a map']);
  });
});

it('refuses a few aliases that stand for gigabytes', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `l${level}: &l${level} [${
        level === 0
          ? 'x'
          : Array(100)
              .fill(`*l${level - 1}`)
              .join(', ')
      }]`,
  );
  expect(problemsOf(levels.join('\n'))).toEqual([expect.stringMatching(/^f\.yaml:\d+:\d+ .*alias/i)]);
});

it('follows anchors and merged maps', () => {
  const source = 'version: 1\nname: x\nhooks:\n  - &h {name: a, config: {k: v}}\n  - {<<: *h, name: b}\n';
  expect(valueOf(source)?.hooks).toEqual([
    { name: 'a', config: { k: 'v' } },
    { name: 'b', config: { k: 'v' } },
  ]);
});
