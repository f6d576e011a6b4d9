import { expect, it } from 'vitest';
import { findPluginNameProblem } from './plugin-name.ts';

it.each(['neo', 'bq2bq', 'copy-table', 'a', 'a'.repeat(40)])('takes %s', (name) => {
  expect(findPluginNameProblem(name)).toBeUndefined();
});

it.each([
  ['', 'it is empty'],
  ['Neo', 'lower-case'],
  ['2fast', 'beginning with a letter'],
  ['near_earth', 'single dashes'],
  ['near--earth', 'single dashes'],
  ['neo-', 'single dashes'],
  ['../neo', 'lower-case'],
  ['neo.exe', 'lower-case'],
  ['neo\n', 'lower-case'],
  ['ñeo', 'lower-case'],
  ['plugin-neo', 'describe plugins in YAML'],
  ['a'.repeat(41), 'it has 41 characters'],
])('refuses %j and says why', (name, reason) => {
  expect(findPluginNameProblem(name)).toContain(reason);
});
