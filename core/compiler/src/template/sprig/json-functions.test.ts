import { expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

it.each([
  ['dict "b" 1 "a" (list nil true 2.5)', '{"a":[null,true,2.5],"b":1}'],
  ['"<&>"', '"\\u003c\\u0026\\u003e"'],
  ['"\\u2028"', '"\\u2028"'],
  ['"a\\tb\\u0001"', '"a\\tb\\u0001"'],
  ['1e21', '1e+21'],
  ['1e-7', '1e-7'],
  ['100000.0', '100000'],
  ['(now)', '"2022-09-19T02:30:45Z"'],
  ['(semver "v1.2")', '"1.2.0"'],
  ['nil', 'null'],
])('writes %s as %s', (value, expected) => {
  expect(renderTemplate(`{{toJson ${value.startsWith('dict') ? `(${value})` : value}}}`)).toBe(expected);
});

it('leaves HTML as it is when raw', () => {
  expect(renderTemplate('{{toRawJson "<&>"}}')).toBe('"<&>"');
});

it('moves levels in by two spaces when pretty, empty ones staying on their line', () => {
  expect(renderTemplate('{{toPrettyJson (dict "a" (list 1 (dict)) "b" (list))}}')).toBe(
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}',
  );
});

it('reads numbers as floats, and what is no JSON as nothing', () => {
  expect(renderTemplate('{{(fromJson "{\\"a\\":[1,2]}").a}}{{fromJson "{"}}')).toBe('[1 2]<no value>');
  expect(renderTemplate('{{kindOf (fromJson "1")}}')).toBe('float64');
  expect(findTemplateError('{{mustFromJson "{"}}')?.message).toContain('the text is not JSON');
});

it('reads keys that JavaScript holds dear as keys', () => {
  expect(
    renderTemplate('{{(fromJson "{\\"__proto__\\":1}").__proto__}}{{(fromJson "{}").constructor}}'),
  ).toBe('1<no value>');
});

it('knows no NaN: nothing where it may be silent, an error where it must not', () => {
  expect(renderTemplate('[{{toJson (float64 "NaN")}}]')).toBe('[]');
  expect(findTemplateError('{{mustToJson (list (float64 "NaN"))}}')?.message).toContain('JSON knows no NaN');
  expect(findTemplateError('{{toRawJson (dict "a" (float64 "inf"))}}')?.code).toBe('TEMPLATE_FAILED');
});
