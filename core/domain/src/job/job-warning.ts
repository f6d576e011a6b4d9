import type { RunContextInput } from '../run/run-context.ts';

/** What does not keep a job from being stored, and what its author should know all the same. */
export interface JobWarning {
  readonly name: string;
  /** Dotted path of the field as in `job.yaml`, or `assets.` and the name of an asset. */
  readonly path: string;
  /** Where in the asset, from 1 on. */
  readonly place?: { readonly line: number; readonly column: number };
  readonly message: string;
}

/** What templates of a job name and nobody gives a value, secrets apart, when they are rendered as for a run of it. Pure. */
export type FindMissingValues = (
  input: Omit<RunContextInput, 'instance' | 'secrets'>,
) => readonly Omit<JobWarning, 'name'>[];
