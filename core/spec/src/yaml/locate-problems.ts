import type { FileProblem } from './file-problem.ts';
import { mapYaml } from './locate.ts';
import type { PathProblem, YamlFile } from './yaml-file.ts';

/** Gives problems their places: in the first of the files that has the path, else in the first file near it. */
export function locateProblems(
  files: readonly [YamlFile, ...YamlFile[]],
  problems: readonly PathProblem[],
): readonly FileProblem[] {
  if (problems.length === 0) return [];
  const [own, ...others] = files.map(({ file, text }) => ({ file, map: mapYaml(text) }));
  return problems.flatMap(({ path, message, what }) => {
    const place = own?.map.has(path) ? own : (others.find(({ map }) => map.has(path)) ?? own);
    return place ? [{ file: place.file, ...place.map.positionOf(path, what), message }] : [];
  });
}
