import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../testing/render-template.ts';
import { swapCase, toInitials, toTitle, uncapitalize } from './letter-case.ts';
import { toDelimitedCase, toPascalCase } from './word-case.ts';
import { wrapWords } from './wrap-words.ts';

it.each([
  ['FirstName', 'first_name', 'FirstName'],
  ['HTTPServer', 'http_server', 'HttpServer'],
  ['NoHTTPS', 'no_https', 'NoHttps'],
  ['GO_PATH', 'go_path', 'GoPath'],
  ['http2xx', 'http_2xx', 'Http2xx'],
  ['HTTP20xOK', 'http_20x_ok', 'Http20xOk'],
  ['Duration2m3s', 'duration_2m3s', 'Duration2m3s'],
  ['Bld4Floor3rd', 'bld4_floor_3rd', 'Bld4Floor3rd'],
  ['a.b', 'a.b', 'A.b'],
  ['_complex__case_', '_complex__case_', '_Complex_Case_'],
  ['', '', ''],
])('%s is %s in snake case', (text, snake, pascal) => {
  expect(toDelimitedCase(text, '_')).toBe(snake);
  expect(toDelimitedCase(text, '-')).toBe(snake.replaceAll('_', '-'));
  // Pascal case follows letters alone; these agree with the words but for capitals inside one.
  expect(toPascalCase(text).toLowerCase()).toBe(pascal.toLowerCase());
});

it('writes words with a capital, one connector going', () => {
  expect(['some_words', 'no-https', 'GOLANG_IS_GREAT', '__x'].map(toPascalCase)).toEqual([
    'SomeWords',
    'NoHttps',
    'GolangIsGreat',
    '__X',
  ]);
});

it('changes the case of letters by the words they stand in', () => {
  expect(toTitle("hello big-world it's_me")).toBe("Hello Big-World It'S_me");
  expect(uncapitalize('Hello Big World')).toBe('hello big world');
  expect(swapCase('Hello wORLD')).toBe('hELLO World');
  expect(toInitials('Ada  Lovelace\tKing')).toBe('ALK');
});

describe('wrapping', () => {
  it.each([
    [5, false, 'one two three', 'one\ntwo\nthree'],
    [3, false, 'alongword it', 'alongword\nit'],
    [3, true, 'alongword', 'alo\nngw\nord'],
    [100, false, 'short', 'short'],
    [0, true, 'ab', 'a\nb'],
    [3, true, '', ''],
  ])('at %i (breaking words: %s) makes of %j %j', (width, breaksWords, value, expected) => {
    expect(wrapWords({ value, width, newLine: '\n', breaksWords })).toBe(expected);
  });

  it('takes linear time on a long text without spaces', () => {
    const before = performance.now();
    wrapWords({ value: 'a'.repeat(300_000), width: 1, newLine: '\n', breaksWords: true });
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

it.each([
  ['abbrev 8 "Ada Lovelace"', 'Ada L...'],
  ['abbrev 3 "Ada Lovelace"', 'Ada Lovelace'],
  ['abbrevboth 5 10 "1234 5678 9123"', '...5678...'],
  ['plural "one" "many" 1', 'one'],
  ['plural "one" "many" 2', 'many'],
  ['wrapWith 3 "" "abcdef"', 'abc\ndef'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});
