import { OptimusError } from '../error/optimus-error.ts';

declare const jobNameBrand: unique symbol;

/** The name of a job, unique within its project. */
export type JobName = string & { readonly [jobNameBrand]: true };

const JOB_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_\-.]+$/;

/** Whether a job can have this name. */
export function isJobName(value: string): value is JobName {
  return value.length >= 3 && value.length <= 220 && JOB_NAME.test(value);
}

/** Parses a job's name: 3 to 220 characters, letters, digits, `_`, `-` and `.`. @throws OptimusError `NAME_INVALID` */
export function parseJobName(value: string): JobName {
  if (isJobName(value)) return value;
  throw new OptimusError('NAME_INVALID', {
    message: `job name ${JSON.stringify(value)} is not valid`,
    hint: 'use 3 to 220 letters, digits, "_", "-" or ".", beginning with a letter or digit',
    fields: { job: value },
  });
}
