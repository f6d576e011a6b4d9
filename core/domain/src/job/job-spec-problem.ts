/** One thing wrong with a specification, told so that its author can mend it. */
export interface JobSpecProblem {
  /** Dotted path of the field as in `job.yaml`, e.g. `schedule.interval`. */
  readonly path: string;
  readonly message: string;
}
