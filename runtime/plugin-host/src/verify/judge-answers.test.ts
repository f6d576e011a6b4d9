import type { PluginQuestion } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { findAssetsProblem, findConfigProblem, findQuestionsProblem } from './judge-answers.ts';

const ask = (name: string, more: Partial<PluginQuestion> = {}): PluginQuestion => ({
  name,
  prompt: '',
  help: '',
  default: '',
  choices: [],
  subQuestions: [],
  ...more,
});
const branch = (ifValue: string, ...questions: PluginQuestion[]) => ({ ifValue, questions });

describe('questions', () => {
  it('are good when each that may be asked has a name of its own', () => {
    const subQuestions = [branch('a', ask('Deep')), branch('b', ask('Deep'))];
    const choice = ask('Choice', { choices: ['a', 'b'], default: 'a', subQuestions });
    expect(findQuestionsProblem([choice, ask('Other')])).toBeUndefined();
  });

  it.each<[string, readonly PluginQuestion[], string]>([
    ['have no name', [ask('')], 'asks a question without a name, so that its answer has none'],
    ['share a name', [ask('A'), ask('A')], 'asks two questions called "A"'],
    [
      'share a name with a follow-up',
      [ask('A', { subQuestions: [branch('x', ask('A'))] })],
      'asks two questions called "A"',
    ],
    [
      'share a name with the follow-up of an earlier one',
      [ask('A', { subQuestions: [branch('x', ask('B'))] }), ask('B')],
      'asks two questions called "B"',
    ],
    [
      'have a default that nobody can choose',
      [ask('A', { choices: ['x'], default: 'y' })],
      'the default of "A", "y", is none of its choices',
    ],
    ['offer a choice twice', [ask('A', { choices: ['x', 'x'] })], '"A" offers "x" twice'],
    [
      'lead on from an answer that nobody can choose',
      [ask('A', { choices: ['x'], subQuestions: [branch('z', ask('B'))] })],
      'no answer to "A" can be "z", which leads to more questions',
    ],
    ['lead to nothing', [ask('A', { subQuestions: [branch('x')] })], '"A" leads to no question for "x"'],
  ])('are refused when they %s', (_, questions, problem) => {
    expect(findQuestionsProblem(questions)).toBe(problem);
  });
});

describe('values', () => {
  it('are good under names of their own', () => {
    const values = [
      { name: 'A', value: '' },
      { name: 'a', value: '' },
    ];
    expect(findConfigProblem(values)).toBeUndefined();
    expect(findAssetsProblem([{ name: 'sql/query..v2.sql', value: '' }])).toBeUndefined();
  });

  it('are refused without a name, or under one that another has', () => {
    expect(findConfigProblem([{ name: '', value: 'x' }])).toBe('gives a value without a name');
    const twice = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    expect(findConfigProblem(twice)).toBe('gives "A" twice');
    expect(findAssetsProblem(twice)).toBe('gives "A" twice');
  });

  it.each(['../x', 'a/../../x', '/etc/x', '\\x', 'C:\\x', 'a\\..\\x', 'x\0y'])(
    'are refused as the asset %j, which leads out of the folder',
    (name) => {
      expect(findAssetsProblem([{ name, value: '' }])).toContain("leads out of the job's folder");
    },
  );
});
