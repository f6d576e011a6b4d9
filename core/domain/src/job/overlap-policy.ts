/**
 * What a tick does that finds a run of its job that is not over: `wait` until it is over, be recorded as `skipped`, or `cancel` it and
 * take its place. With any of them one run of the job is under way at a time.
 */
export const OVERLAP_POLICIES = ['wait', 'skip', 'cancel'] as const;

/** See {@link OVERLAP_POLICIES}. */
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];
