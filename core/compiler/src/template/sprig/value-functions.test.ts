import { expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

it.each([
  ['default "x" ""', 'x'],
  ['default "x" 0', 'x'],
  ['default "x" "y"', 'y'],
  ['.missing | default "x"', 'x'],
  ['coalesce 0 "" nil "first" "second"', 'first'],
  ['all 1 "a"', 'true'],
  ['all 1 ""', 'false'],
  ['any 0 "a"', 'true'],
  ['any', 'false'],
  ['ternary "y" "n" true', 'y'],
  ['false | ternary "y" "n"', 'n'],
  ['empty (list)', 'true'],
  ['empty (now)', 'false'],
  ['kindOf nil', 'invalid'],
  ['kindOf (list)', 'slice'],
  ['kindOf (dict)', 'map'],
  ['kindOf (now)', 'struct'],
  ['kindOf (semver "1.0.0")', 'ptr'],
  ['kindIs "int" 1', 'true'],
  ['typeOf 2.5', 'float64'],
  ['typeOf (now)', 'time.Time'],
  ['typeIs "string" "a"', 'true'],
  ['typeIsLike "*semver.Version" (semver "1.0.0")', 'true'],
  ['deepEqual (list 1 (dict "a" 2)) (list 1 (dict "a" 2))', 'true'],
  ['deepEqual (dict "a" 1) (dict "b" 1)', 'false'],
  ['deepEqual (list 1) (dict)', 'false'],
  ['deepEqual 1 1.0', 'false'],
  ['deepEqual (semver "1.0.0") (semver "1.0.0")', 'true'],
  ['hello', 'Hello!'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});

it('copies deeply, so that a change to the copy is none to the original', () => {
  const template = '{{$a := dict "x" (dict "y" 1)}}{{$b := deepCopy $a}}{{$_ := set $b.x "y" 2}}{{$a}}{{$b}}';
  expect(renderTemplate(template)).toBe('map[x:map[y:1]]map[x:map[y:2]]');
});

it('fails with the message that the author gives, at the place of the call', () => {
  const error = findTemplateError('ok\n{{if true}}{{fail "set TABLE first"}}{{end}}');
  expect(error?.message).toBe(
    'template t:2:14 at <fail "set TABLE first">: error calling fail: set TABLE first',
  );
});

it('compares times by what they say, and versions as Go compares pointers', () => {
  expect(renderTemplate('{{eq now now}}{{$v := semver "1.0.0"}}{{eq $v $v}}{{eq $v (semver "1.0.0")}}')).toBe(
    'truetruefalse',
  );
  expect(findTemplateError('{{eq now (semver "1.0.0")}}')?.message).toContain('incompatible types');
});

it.each([
  ['uuidv4', 'would change'],
  ['randAlphaNum 5', 'would change'],
  ['shuffle "abc"', 'would change'],
  ['htpasswd "u" "p"', 'random salt'],
  ['encryptAES "k" "v"', 'random salt'],
  ['genPrivateKey "rsa"', 'another key'],
  ['genSignedCert "a" nil nil 1 nil', 'another key'],
  ['env "PATH"', "server's environment"],
  ['expandenv "$PATH"', "server's environment"],
  ['getHostByName "localhost"', 'asks the network'],
])('%s is refused: %s', (expression, reason) => {
  const error = findTemplateError(`{{${expression}}}`);
  expect(error?.message).toContain(reason);
  expect(error?.hint).toBeTruthy();
});
