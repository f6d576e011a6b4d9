/** What does not keep a job from being stored, and what its author should know all the same. */
export interface JobWarning {
  readonly name: string;
  readonly message: string;
}
