import { expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

it.each([
  ['dict "b" 1 "a"', 'map[a: b:1]'],
  ['get (dict "a" 1) "a"', '1'],
  ['get (dict "a" 1) "b"', ''],
  ['hasKey (dict "a" nil) "a"', 'true'],
  ['set (dict "a" 1) "b" 2', 'map[a:1 b:2]'],
  ['unset (dict "a" 1 "b" 2) "a"', 'map[b:2]'],
  ['keys (dict "b" 1 "a" 2) (dict "c" 3)', '[a b c]'],
  ['values (dict "b" 1 "a" 2)', '[2 1]'],
  ['pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3)', '[1 3]'],
  ['pick (dict "a" 1 "b" 2) "a" "c"', 'map[a:1]'],
  ['omit (dict "a" 1 "b" 2) "a" "c"', 'map[b:2]'],
  ['merge (dict "a" 1 "b" "") (dict "a" 2 "b" 3 "c" 4)', 'map[a:1 b:3 c:4]'],
  ['merge (dict "a" (dict "x" 1)) (dict "a" (dict "x" 2 "y" 3))', 'map[a:map[x:1 y:3]]'],
  ['merge (dict "a" 1) (dict "b" nil)', 'map[a:1]'],
  ['mergeOverwrite (dict "a" 1) (dict "a" "")', 'map[a:]'],
  ['mergeOverwrite (dict "a" (dict "x" 1)) (dict "a" (dict "y" 2))', 'map[a:map[x:1 y:2]]'],
  ['dig "a" "b" "none" (dict "a" (dict "b" 1))', '1'],
  ['dig "a" "c" "none" (dict "a" (dict "b" 1))', 'none'],
  ['(dict "__proto__" 1 "constructor" 2).constructor', '2'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});

it('changes a map in place, for all who hold it', () => {
  expect(renderTemplate('{{$a := dict "x" 1}}{{$b := $a}}{{$_ := set $b "y" 2}}{{$a}}')).toBe('map[x:1 y:2]');
});

it('never changes the data that it is given, frozen or not', () => {
  const data = { proj: Object.freeze({ A: '1' }), list: [{ k: 'v' }] };
  const template = '{{$_ := set .proj "B" "2"}}{{$_ := unset (first .list) "k"}}{{.proj}}{{.list}}';
  expect(renderTemplate(template, data)).toBe('map[A:1 B:2][map[]]');
  expect(data).toEqual({ proj: { A: '1' }, list: [{ k: 'v' }] });
  expect(renderTemplate('{{$_ := merge .proj (dict "C" 1)}}{{.proj}}', data)).toBe('map[A:1 C:1]');
});

it('counts entries that come and go', () => {
  const template =
    '{{$d := dict "a" 1}}{{$_ := set $d "a" 2}}{{len $d}}{{$_ := set $d "b" 2}}{{len $d}}' +
    '{{$_ := unset $d "a"}}{{$_ := unset $d "a"}}{{len $d}}{{$_ := unset $d "b"}}{{if $d}}full{{else}}empty{{end}}';
  expect(renderTemplate(template)).toBe('121empty');
});

it.each([
  '{{$d := dict}}{{set $d "self" $d}}',
  '{{$d := dict}}{{set $d "self" (list 1 (dict "deep" $d))}}',
  '{{$a := dict}}{{$b := dict "a" $a}}{{merge $a (dict "b" $b)}}',
  '{{$m := dict}}{{$a := dict "x" $m}}{{merge $a (dict "x" $a)}}',
])('refuses to put a map into itself: %s', (template) => {
  const error = findTemplateError(template);
  expect(error?.message).toContain('a map cannot be put into itself');
  expect(error?.hint).toBe('use deepCopy');
});

it('takes what is missing for an empty map, and nil inside the data for none', () => {
  expect(renderTemplate('{{keys .missing}}{{keys nil}}')).toBe('[][]');
  expect(findTemplateError('{{keys .nothing}}', { nothing: null })?.code).toBe('TEMPLATE_FAILED');
});

it.each([
  ['dig "a" "b" "none" (dict "a" 1)', 'other than a map'],
  ['dig 1 "none" (dict "a" 1)', 'path as texts'],
  ['get "text" "a"', 'expected map; got string'],
])('%s fails: %s', (expression, message) => {
  expect(findTemplateError(`{{${expression}}}`)?.message).toContain(message);
});
