/** SQL: how many runs of the job the version lets be under way at once; null: any number. What overlaps in no way is one at a time. */
export function toRunLimitSql(version: string): string {
  return `CASE WHEN ${version}.spec #> '{behavior,overlap}' IS NULL THEN (${version}.spec #>> '{behavior,maxActiveRuns}')::int ELSE 1 END`;
}

/** SQL: whether a run of a job with this schedule and version has to be admitted before it begins. */
export function toHoldSql(schedule: string, version: string): string {
  return `(${schedule}.is_paused OR ${toRunLimitSql(version)} IS NOT NULL)`;
}
