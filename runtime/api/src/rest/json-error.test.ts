import { describe, expect, it } from 'vitest';
import { findJsonError } from './json-error.ts';

function tell(text: string): string {
  const { line, column, problem } = findJsonError(text);
  return `${line}:${column} ${problem}`;
}

describe('findJsonError', () => {
  it.each([
    ['{"a" 1}', '1:6 found "1" where : should be'],
    ['{"a": 1,}', '1:9 found "}" where key should be'],
    ['{"a": [1 2]}', '1:10 found "2" where , or ] should be'],
    ['{\n  "a": 1\n  "b": 2\n}', '3:3 found "\\"" where , or } should be'],
    ['{"a": tru}', '1:7 found "t" where value should be'],
    ['{"a": 01}', '1:7 found "0" where value should be'],
    ['{a: 1}', '1:2 found "a" where key or } should be'],
    ["{'a': 1}", `1:2 found "'" where key or } should be`],
    ['[1, 2', '1:6 the text ends where , or ] should be'],
    ['{"a": 1} x', '1:10 found "x" where the end should be'],
    ['{"a": "unended}', '1:7 found "\\"" where value should be'],
    ['{"a": "tab\there"}', '1:7 found "\\"" where value should be'],
    ['🚮', '1:1 found "🚮" where value should be'],
    ['   ', '1:4 the text ends where value should be'],
  ])('finds where %j goes wrong', (text, expected) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(tell(text)).toBe(expected);
  });

  it('follows any JSON to its end', () => {
    const sample = JSON.stringify(
      { a: [1, -2.5e-7, true, false, null, { b: '"\\\n\u0007é🚮' }, [], {}], c: '' },
      null,
      2,
    );
    for (const text of [sample, '1', '""', ' [ ] ', '{}']) {
      expect(tell(`${text} !`)).toMatch(/found "!" where the end should be$/);
    }
  });

  it('looks at a text of a million tokens in no time', () => {
    const { column } = findJsonError(`[${'1,'.repeat(500_000)}x]`);
    expect(column).toBe(1_000_002);
  });
});
