import { type FileProblem, locateProblems as locate, type PathProblem, type YamlFile } from '@optimus/spec';

export { parseYaml, type YamlFile } from '@optimus/spec';

/** Gives problems their places in the file. */
export function locateProblems(source: YamlFile, problems: readonly PathProblem[]): readonly FileProblem[] {
  return locate([source], problems);
}
