/** SQL: how many runs of the job the version lets be under way at once; null: any number. */
export function toRunLimitSql(version: string): string {
  return `(${version}.spec #>> '{behavior,maxActiveRuns}')::int`;
}

/** SQL: whether a run of a job with this schedule and version has to be admitted before it begins. */
export function toHoldSql(schedule: string, version: string): string {
  return `(${schedule}.is_paused OR ${toRunLimitSql(version)} IS NOT NULL)`;
}
