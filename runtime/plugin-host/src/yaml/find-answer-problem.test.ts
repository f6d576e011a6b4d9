import { expect, test } from 'vitest';
import { findAnswerProblem } from './find-answer-problem.ts';
import type { AnswerRules } from './plugin-description.ts';

const question = { name: 'Q', prompt: '', help: '', default: '', choices: [], subQuestions: [] };
const rules: AnswerRules = {
  required: false,
  pattern: undefined,
  minLength: 0,
  maxLength: undefined,
  problem: '',
};

const check = (value: string, own: Partial<AnswerRules>) =>
  findAnswerProblem({ question, value }, { ...rules, ...own });

test.each([
  ['anything, without rules', 'x', {}, undefined],
  ['nothing, when it is not required', '', { minLength: 3, pattern: /^a/ }, undefined],
  ['nothing, when it is required', '', { required: true }, 'an answer is required'],
  ['too little', 'ab', { minLength: 3 }, 'the answer has 2 characters and needs 3 or more'],
  ['too much', 'abcd', { maxLength: 3 }, 'the answer has 4 characters and may have 3 at most'],
  ['emoji as one character each', '🦊🦊', { maxLength: 2 }, undefined],
  ['what does not match', 'b', { pattern: /^a/ }, 'the answer does not match ^a'],
  ['what matches', 'a', { pattern: /^a/, minLength: 1, maxLength: 1, required: true }, undefined],
])('judges %s', (_, value, own, problem) => {
  expect(check(value, own)).toBe(problem);
});

test('speaks in the words of the plugin when it has any', () => {
  expect(check('b', { pattern: /^a/, problem: 'begin with an a' })).toBe('begin with an a');
  expect(check('', { required: true, problem: 'say something' })).toBe('say something');
});

test('accepts only the choices there are', () => {
  const choosing = { ...question, choices: ['A', 'B'] };
  expect(findAnswerProblem({ question: choosing, value: 'C' }, undefined)).toBe('choose one of A, B');
  expect(findAnswerProblem({ question: choosing, value: 'B' }, undefined)).toBeUndefined();
});
