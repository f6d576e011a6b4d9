import type { Invocation, VerbSpec } from './command-spec.ts';
import { Flags } from './flags.ts';
import { takesSelector } from './takes-selector.ts';
import { createUsageError } from './usage-error.ts';

/** What no name of a job has. */
const SELECTING = /[+:,*\s]/;

/**
 * The words and flags of a command. Of one that takes `--select`, words that can be no job's name, and several words, are the selector
 * itself, as is any word where the command names no single job. @throws OptimusError `REQUEST_INVALID` for two selectors
 */
export function readWords(
  verb: Pick<VerbSpec, 'arguments' | 'flags'>,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Pick<Invocation, 'args' | 'flags'> {
  const [word = ''] = args;
  const isName = verb.arguments !== undefined && args.length === 1 && !SELECTING.test(word);
  if (!takesSelector(verb) || args.length === 0 || isName) return { args, flags: new Flags(options) };
  const select = args.join(' ');
  if (options['select'] !== undefined)
    throw createUsageError('select', `is given beside ${JSON.stringify(select)}`, 'write one selector');
  return { args: [], flags: new Flags({ ...options, select }) };
}
