/** Which jobs somebody means. */
export type Selector =
  /** Jobs that any of the parts selects. */
  | { readonly kind: 'union'; readonly parts: readonly Selector[] }
  /** Jobs that all of the parts select. */
  | { readonly kind: 'intersection'; readonly parts: readonly Selector[] }
  | SelectorTerm;

/** One criterion, and how far to go up and down the graph from the jobs that meet it. */
export interface SelectorTerm {
  readonly kind: 'term';
  readonly criterion: Criterion;
  /** Levels of jobs before it: 0 none, `Infinity` all. */
  readonly upstream: number;
  /** Levels of jobs after it. */
  readonly downstream: number;
  /** As it was written. */
  readonly text: string;
}

/** What a job must be. */
export type Criterion =
  /** A job's name, or with `*` a pattern of names. */
  | { readonly by: 'name'; readonly pattern: string }
  /** A label; without a value: whatever value. */
  | { readonly by: 'tag'; readonly key: string; readonly value: string | undefined }
  | { readonly by: 'ns'; readonly namespace: string }
  /** Different from what a git reference holds. */
  | { readonly by: 'changed'; readonly ref: string }
  /** By its last run: `failed`. */
  | { readonly by: 'state'; readonly state: string };

/** Every criterion within a selector, so that a caller can find out in advance what `changed` and `state` need. */
export function listCriteria(selector: Selector): readonly Criterion[] {
  return selector.kind === 'term' ? [selector.criterion] : selector.parts.flatMap(listCriteria);
}
