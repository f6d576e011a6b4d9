import { type FindTemplateProblems, type JobSpecProblem, splitAssets, toErrorMessage } from '@optimus/domain';
import { parseString } from '../template/compile-string.ts';
import { parseTemplateSet } from '../template/template-set.ts';

/** Parses every template of a specification: what is broken is told when it is deployed, not when its first run is due. */
export const findTemplateProblems: FindTemplateProblems = ({ task, hooks, assets }) => [
  ...[task, ...hooks].flatMap(({ name, config }) =>
    config.flatMap((item) =>
      findProblem(`${name}.config.${item.name}`, () => parseString(item.name, item.value)),
    ),
  ),
  ...findProblem('assets', () => parseTemplateSet(splitAssets(assets).texts)),
];

function findProblem(path: string, parse: () => unknown): readonly JobSpecProblem[] {
  try {
    parse();
    return [];
  } catch (thrown) {
    return [{ path, message: toErrorMessage(thrown) }];
  }
}
