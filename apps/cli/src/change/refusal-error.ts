import { OptimusError } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { type FileProblem, formatProblem } from '@optimus/spec';
import type { Upsert } from './compare-jobs.ts';

/** A change that the server refused in whole or in part. */
export interface RefusedChange {
  readonly refusals: readonly core.ChangeRefusal[];
  /** The jobs that were sent. */
  readonly upserts: readonly Pick<Upsert, 'spec' | 'file'>[];
  /** What is wrong with files whose jobs were not sent. */
  readonly problems: readonly FileProblem[];
  /** Whether the others are stored. */
  readonly isPartial: boolean;
}

/** The error for refused jobs: a line a problem, each beginning with the job's file where there is one; those found here come first. */
export function createRefusalError({ refusals, upserts, problems, isPartial }: RefusedChange): OptimusError {
  const files = new Map(upserts.map(({ spec, file }): [string, string] => [spec.name, file]));
  const lines = refusals.flatMap((refusal) =>
    refusal.problems.map(({ path, message }) => {
      const mend = path === 'deletion' ? '; change those first, or use --force' : '';
      return [files.get(refusal.jobName), `${refusal.jobName}: ${path} ${message}${mend}`]
        .filter(Boolean)
        .join(' ');
    }),
  );
  const cause = `${problems.length > 0 ? 'some files are wrong, and ' : ''}the server refuses some jobs`;
  const outcome = isPartial ? 'the other jobs are deployed' : 'nothing is changed';
  return new OptimusError('SPEC_INVALID', {
    message: [`${cause}; ${outcome}`, ...problems.map(formatProblem), ...lines].join('\n'),
  });
}
