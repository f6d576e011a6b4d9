import type { JobSpec } from './job-spec.ts';

/** One thing wrong with a specification, told so that its author can mend it. */
export interface JobSpecProblem {
  /** Dotted path of the field as in `job.yaml`, e.g. `schedule.interval`, or `assets.` and the name of an asset. */
  readonly path: string;
  readonly message: string;
  /** Where in the asset that `path` names, from 1 on. */
  readonly place?: { readonly line: number; readonly column: number } | undefined;
}

/** Every template of a specification that does not parse. Pure. */
export type FindTemplateProblems = (spec: JobSpec) => readonly JobSpecProblem[];

/** A job that was refused, and why. */
export interface RefusedJob {
  readonly name: string;
  readonly problems: readonly JobSpecProblem[];
}
