/** What keeps from being known all that a job reads. */
export interface UnknownRead {
  /** The asset, or the entry of the configuration. */
  readonly text: string;
  /** From 1; absent: the job has no such text. */
  readonly place?: { readonly line: number; readonly column: number };
  readonly message: string;
}

/** One line: where, and why. */
export function formatUnknownRead({ text, place, message }: UnknownRead): string {
  return place ? `${text}:${place.line}:${place.column} ${message}` : `${text} ${message}`;
}
