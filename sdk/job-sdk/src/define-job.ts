import { computeWindow } from '@optimus/compiler';
import { type ComputeWindow, OptimusError } from '@optimus/domain';
import { formatJob, parseJob } from '@optimus/spec';
import type { JobDefinition } from './job-definition.ts';
import { toDefinition } from './to-definition.ts';
import { toSpec } from './to-spec.ts';

/** A job that is good, and the `job.yaml` it is. */
export interface DefinedJob {
  readonly definition: JobDefinition;
  /** What `optimus deploy` reads; assets are files of their own. */
  readonly yaml: string;
}

/**
 * Checks a job by the rules of the language and compiles it to `job.yaml`.
 * @throws OptimusError `SPEC_INVALID` with everything that is wrong, `NAME_INVALID`
 */
export function defineJob(definition: JobDefinition): DefinedJob {
  const yaml = formatJob(toSpec(definition));
  assertGood(yaml);
  return Object.freeze({ definition, yaml });
}

/** The definition that a `job.yaml` without inherited values is. @throws OptimusError `SPEC_INVALID` with everything that is wrong */
export function readJob(yaml: string): JobDefinition {
  return toDefinition(assertGood(yaml));
}

function assertGood(yaml: string) {
  const source = { file: 'job.yaml', text: yaml, assets: {} };
  const { spec, problems } = parseJob(source, { computeWindow: computeKnownWindow });
  if (spec && problems.length === 0) return spec;
  const messages = problems.map(({ line, column, message }) => `job.yaml:${line}:${column} ${message}`);
  throw new OptimusError('SPEC_INVALID', { message: ['the job is not good:', ...messages].join('\n') });
}

/** A preset is the project's: whether it exists shows when the job is validated there. */
const computeKnownWindow: ComputeWindow = (spec, scheduledAt) =>
  spec.version >= 3 && spec.task.window.preset
    ? { start: scheduledAt, end: scheduledAt }
    : computeWindow(spec, scheduledAt);
