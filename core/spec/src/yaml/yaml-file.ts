/** A file's text and the name its problems are reported under. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
}

/** A problem by its path in the document. */
export interface PathProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly what?: 'key' | 'value';
}
