import type { PluginAnswer } from '@optimus/domain';
import type { AnswerRules } from './plugin-description.ts';

/** What is wrong with an answer by the rules of its question, in the plugin's own words if it has any. */
export function findAnswerProblem(
  { question, value }: PluginAnswer,
  rules: AnswerRules | undefined,
): string | undefined {
  const { choices } = question;
  if (value !== '' && choices.length > 0 && !choices.includes(value))
    return `choose one of ${choices.join(', ')}`;
  if (rules === undefined) return undefined;
  if (value === '') return rules.required ? rules.problem || 'an answer is required' : undefined;
  const broken = findBrokenRule(value, rules);
  return broken && (rules.problem || broken);
}

function findBrokenRule(value: string, rules: AnswerRules): string | undefined {
  const { pattern, minLength, maxLength } = rules;
  const length = [...value].length;
  if (length < minLength) return `the answer has ${length} characters and needs ${minLength} or more`;
  if (maxLength !== undefined && length > maxLength) {
    return `the answer has ${length} characters and may have ${maxLength} at most`;
  }
  return pattern === undefined || pattern.test(value)
    ? undefined
    : `the answer does not match ${pattern.source}`;
}
