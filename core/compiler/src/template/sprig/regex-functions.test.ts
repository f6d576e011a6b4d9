import { describe, expect, it } from 'vitest';
import { findTemplateError, renderTemplate, SMALL_LIMITS } from '../../testing/render-template.ts';

it.each([
  ['regexMatch "^a+$" "aaa"', 'true'],
  ['regexMatch "(" "a"', 'false'],
  ['regexFind "[0-9]+" "a12b3"', '12'],
  ['regexFind "x" "abc"', ''],
  ['regexFindAll "[a-z]" "a1b2c" -1', '[a b c]'],
  ['regexFindAll "[a-z]" "a1b2c" 2', '[a b]'],
  ['regexFindAll "x*" "axb" -1', '[ x ]'],
  ['regexSplit "," "a,b,c" 2', '[a b,c]'],
  ['regexSplit "z" "abc" -1', '[abc]'],
  ['regexReplaceAll "(?P<y>[0-9]+)-([0-9]+)" "2022-09" "$2/${y}/$$/$nope"', '09/2022/$/'],
  ['regexReplaceAll "a" "banana" "${0}x"', 'baxnaxnax'],
  ['regexReplaceAll "" "ab" "-"', '-a-b-'],
  ['regexReplaceAllLiteral "a" "banana" "$0"', 'b$0n$0n$0'],
  ['regexQuoteMeta "a.b[c]"', 'a\\.b\\[c\\]'],
  ['regexMatch "(?i)ADA" "ada"', 'true'],
  ['regexFind "(?s)a.b" "a\\nb"', 'a\nb'],
  ['regexFind "(?U)a+" "aaa"', 'a'],
  ['regexFind "\\\\pL+" "12é3"', 'é'],
  ['regexFind "[[:digit:]]+" "ab12"', '12'],
  ['regexMatch "b\\\\z" "ab"', 'true'],
  ['regexFind "." "😀x"', '😀'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});

it.each(['(a)\\1', '(?=a)', '(?<=a)b', '[z-a]', 'a**', '(?P<n', 'a{2000}'])(
  'refuses the pattern %s, which RE2 does not know',
  (pattern) => {
    const error = findTemplateError('{{mustRegexMatch .p "a"}}', { p: pattern });
    expect(error?.message).toContain('the regular expression cannot be read');
    expect(error?.hint).toContain('no back-references and no look-around');
  },
);

describe('a hostile pattern', () => {
  it.each(['(a*)*b', '(a|aa)+$', '(.*)*x', '((a{0,30}){0,30})$', '(x+x+)+y'])(
    'is searched for in linear time: %s',
    (pattern) => {
      const before = performance.now();
      renderTemplate('{{regexMatch .p (repeat 20000 "a")}}{{regexFind .p (repeat 20000 "x")}}', {
        p: pattern,
      });
      expect(performance.now() - before).toBeLessThan(5_000);
    },
  );

  it('is stopped when each of many searches may read the whole text', () => {
    const error = findTemplateError('{{regexFindAll "a.*x|a" (repeat 50000 "a") -1}}', {}, SMALL_LIMITS);
    expect(error?.code).toBe('TEMPLATE_TOO_LARGE');
  });

  it('is stopped when loops compile ever larger ones', () => {
    const template =
      '{{range until 100000}}{{$x := regexMatch (printf "(abcdefghij%d){1000}" .) "x"}}{{end}}';
    expect(findTemplateError(template, {}, SMALL_LIMITS)?.code).toBe('TEMPLATE_TOO_LARGE');
  });

  it('may not be longer than anyone writes', () => {
    expect(findTemplateError('{{regexFind (repeat 20000 "a") "a"}}')?.code).toBe('TEMPLATE_FAILED');
  });
});
