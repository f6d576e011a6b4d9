import type { Random } from './random.ts';

type Mutation = (text: string, random: Random) => string;

const JUNK: readonly [string, ...string[]] = [
  '[',
  '{',
  '"',
  "'",
  ': ',
  '- ',
  '\t',
  '&a ',
  '*a',
  '!!int ',
  '|',
  '>',
  '%',
  '@',
  '`',
  '---\n',
  '\u0000',
  '\u{1f600}',
  '~',
  '<<: *x',
];
const VALUES: readonly [string, ...string[]] = [
  '',
  '[]',
  '{}',
  '[[[]]]',
  '-1',
  '1e999',
  'null',
  'true',
  '__proto__',
  '"\\ud800"',
  '"\\u0000"',
  'x'.repeat(5000),
  '2022-02-30',
  '* * * * *',
];

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  (text, random) => splice(text, random, random.pick(JUNK), 0),
  (text, random) => splice(text, random, '', 1 + random.below(20)),
  (text, random) => splice(text, random, random.pick(JUNK), 1 + random.below(3)),
  (text, random) => overLine(text, random, (line) => `${line}\n${line}`),
  (text, random) => overLine(text, random, () => ''),
  (text, random) => overLine(text, random, (line) => `  ${line}`),
  (text, random) => overLine(text, random, (line) => line.replace(/:.*$/, () => `: ${random.pick(VALUES)}`)),
  (text, random) => overLine(text, random, (line) => line.replace(/\w(?=\w*:)/, '')),
  (text, random) =>
    overLine(text, random, (line) =>
      line.replace(/\w+(?=:)/, () => random.pick(['__proto__', 'constructor', 'nmae', '5'])),
    ),
  (text, random) => text.slice(0, random.below(text.length + 1)),
];

/** A text with a few things broken in it, the same ones for the same random numbers. */
export function mutate(text: string, random: Random): string {
  let broken = text;
  for (let count = 1 + random.below(4); count > 0; count--) broken = random.pick(MUTATIONS)(broken, random);
  return broken;
}

function splice(text: string, random: Random, inserted: string, removed: number): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + inserted + text.slice(at + removed);
}

function overLine(text: string, random: Random, change: (line: string) => string): string {
  const lines = text.split('\n');
  const index = random.below(lines.length);
  return lines.with(index, change(lines[index] ?? '')).join('\n');
}
