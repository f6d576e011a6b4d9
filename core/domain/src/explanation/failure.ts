import type { ErrorCode } from '../error/error-code.ts';
import { MAX_LOST } from '../run/attempt-outcome.ts';
import type { Finding } from './explanation.ts';
import type { RunQuestion } from './question.ts';
import type { RunCause } from './run-cause.ts';
import type { AttemptFacts, InstanceFacts } from './run-facts.ts';

const FAILURES = {
  exited: 'exit_code',
  signaled: 'signal',
  out_of_memory: 'out_of_memory',
  timed_out: 'attempt_timeout',
  run_timed_out: 'run_timeout',
  lost: 'lost',
} as const satisfies Record<string, RunCause>;

/** Why an attempt failed. One that ended before outcomes were kept has an exit code, or was ended by a signal for all one knows. */
export function toFailure({ outcome, errorCode, exitCode }: AttemptFacts): RunCause {
  if (outcome === 'refused') return toRefusal(errorCode);
  if (outcome && outcome !== 'skipped') return FAILURES[outcome];
  return exitCode === undefined ? 'signal' : 'exit_code';
}

function toRefusal(code: ErrorCode | undefined): RunCause {
  if (code === 'IMAGE_NOT_RUNNABLE') return 'image';
  if (code === undefined || code === 'EXECUTOR_FAILED') return 'executor';
  return code.startsWith('PLUGIN_') ? 'plugin' : 'context';
}

/** What follows the name of the instance. The messages of refusals are sentences of their own. */
export function sayFailure(cause: RunCause, instance: InstanceFacts, attempt: AttemptFacts): string {
  const message = instance.message || attempt.message || 'failed';
  switch (cause) {
    case 'image':
    case 'plugin':
    case 'executor':
      return `could not be started: ${message}`;
    case 'context':
      return `could not be compiled: ${message}`;
    case 'lost':
      return `was lost${instance.tries > MAX_LOST ? ' too often' : ''}: ${message}`;
    default:
      return message;
  }
}

/** What to look at, and to mend, before it can be expected to succeed. What could not be started has no log. */
export function adviseMending(
  { run, advise }: RunQuestion,
  cause: RunCause,
  { name }: InstanceFacts,
): Finding['advice'] {
  switch (cause) {
    case 'context':
      return [advise.render(run), advise.deploy('deploy what was mended')];
    case 'plugin':
      return [advise.listPlugins()];
    case 'image':
      return [];
    case 'out_of_memory':
    case 'attempt_timeout':
    case 'run_timeout':
      return [advise.logs(run, name), advise.deploy('deploy it with a higher limit')];
    default:
      return [advise.logs(run, name)];
  }
}

/** How it is run again once it is mended. */
export function adviseRerun({ run, advise }: RunQuestion, cause: RunCause): Finding['advice'] {
  const newest = advise.rerunNewest(run, 'run it again as it is deployed then');
  switch (cause) {
    case 'context':
    case 'out_of_memory':
    case 'attempt_timeout':
    case 'run_timeout':
      return [newest];
    case 'plugin':
      return [advise.rerun(run, 'run it again when the server has the plugin')];
    case 'image':
      return [advise.rerun(run, 'run it again when the server has the image')];
    default:
      return [advise.rerun(run), newest, advise.markSuccess(run)];
  }
}
