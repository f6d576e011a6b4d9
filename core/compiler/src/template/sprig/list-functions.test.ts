import { expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

it.each([
  ['list 1 "a" nil', '[1 a <nil>]'],
  ['tuple 1 2', '[1 2]'],
  ['first (list 1 2)', '1'],
  ['last (list 1 2)', '2'],
  ['rest (list 1 2 3)', '[2 3]'],
  ['initial (list 1 2 3)', '[1 2]'],
  ['append (list 1) 2', '[1 2]'],
  ['push (list 1) 2', '[1 2]'],
  ['prepend (list 1) 2', '[2 1]'],
  ['concat (list 1) (list) (list 2 3)', '[1 2 3]'],
  ['reverse (list 1 2 3)', '[3 2 1]'],
  ['compact (list 0 1 "" "a" nil (list))', '[1 a]'],
  ['uniq (list 1 1 "1" (dict "a" 1) (dict "a" 1))', '[1 1 map[a:1]]'],
  ['without (list 1 2 3) 1 3', '[2]'],
  ['has 2 (list 1 2)', 'true'],
  ['has "2" (list 1 2)', 'false'],
  ['has 1 nil', 'false'],
  ['chunk 2 (list 1 2 3)', '[[1 2] [3]]'],
  ['slice (list 1 2 3) 1', '[2 3]'],
  ['mustSlice (list 1 2 3) 1 2', '[2]'],
  ['join "-" (list 1 nil "a")', '1-a'],
  ['join "-" "alone"', 'alone'],
  ['sortAlpha (list "b" 10 "a" 9)', '[10 9 a b]'],
  ['splitList "," "a,b"', '[a b]'],
  ['(split "," "a,b")._1', 'b'],
  ['(splitn "," 2 "a,b,c")._1', 'b,c'],
  ['until 3', '[0 1 2]'],
  ['until -2', '[0 -1]'],
  ['untilStep 0 10 4', '[0 4 8]'],
  ['untilStep 0 10 -1', '[]'],
  ['seq 3', '1 2 3'],
  ['seq 3 1', '3 2 1'],
  ['seq 0 5 20', '0 5 10 15 20'],
  ['seq 1 2 3 4', ''],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});

it('never changes a list that another variable holds', () => {
  expect(renderTemplate('{{$a := list 1}}{{$b := append $a 2}}{{$c := append $a 3}}{{$a}}{{$b}}{{$c}}')).toBe(
    '[1][1 2][1 3]',
  );
});

it('tells a list that was never made from an empty one, in JSON alone', () => {
  expect(renderTemplate('{{rest (list) | toJson}}{{list | toJson}}{{rest (list)}}')).toBe('null[][]');
});

it.each([
  ['first "text"', 'wrong type for value; expected list; got string'],
  ['has 1 "text"', 'has takes a list'],
  ['chunk 0 (list 1)', 'must be 1 or more'],
  ['slice (list 1 2) 1 5', 'index out of range: 5'],
  ['mustSlice (list 1 2) 2 1', 'slice 2 to 1 lies outside'],
  ['concat (list 1) 2', 'expected list; got int'],
])('%s fails: %s', (expression, message) => {
  expect(findTemplateError(`{{${expression}}}`)?.message).toContain(message);
});

it('knows each of the lists under its must name too', () => {
  const names = 'First Last Rest Initial Append Push Prepend Reverse Compact Uniq Without Has Chunk Slice';
  for (const name of names.split(' ')) {
    const error = findTemplateError(`{{must${name}}}`);
    expect(error?.message, name).toContain('wrong number of args');
  }
});
