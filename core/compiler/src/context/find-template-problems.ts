import {
  type FindTemplateProblems,
  type HttpDependency,
  type JobSpecProblem,
  listHttpDependencies,
  OptimusError,
  splitAssets,
  toErrorMessage,
} from '@optimus/domain';
import { parseString } from '../template/compile-string.ts';
import { parseTemplateSet } from '../template/template-set.ts';

/** Parses every template of a specification: what is broken is told when it is deployed, not when its first run is due. */
export const findTemplateProblems: FindTemplateProblems = ({ task, hooks, assets, dependencies }) => [
  ...[task, ...hooks].flatMap(({ name, config }) =>
    config.flatMap((item) =>
      findProblem(`${name}.config.${item.name}`, () => parseString(item.name, item.value)),
    ),
  ),
  ...hooks.flatMap(({ name, when }) =>
    when === undefined ? [] : findProblem(`${name}.when`, () => parseString('when', when)),
  ),
  ...listHttpDependencies({ dependencies }).flatMap(findEndpointProblems),
  ...findAssetProblems(splitAssets(assets).texts),
];

function findEndpointProblems({ name, url, headers, params }: HttpDependency): readonly JobSpecProblem[] {
  const texts = [['url', url] as const, ...Object.entries(headers), ...Object.entries(params)];
  return texts.flatMap(([part, text]) =>
    findProblem(`dependencies.http.${name}.${part}`, () => parseString(part, text)),
  );
}

/** The first asset that is broken, with the place in it. */
function findAssetProblems(texts: Readonly<Record<string, string>>): readonly JobSpecProblem[] {
  try {
    parseTemplateSet(texts);
    return [];
  } catch (thrown) {
    const message = `cannot be parsed: ${toErrorMessage(thrown)}`;
    const { file, line, column } = thrown instanceof OptimusError ? thrown.fields : {};
    if (file === undefined) return [{ path: 'assets', message }];
    return [{ path: `assets.${file}`, place: { line: Number(line), column: Number(column) }, message }];
  }
}

function findProblem(path: string, parse: () => unknown): readonly JobSpecProblem[] {
  try {
    parse();
    return [];
  } catch (thrown) {
    return [{ path, message: `cannot be parsed: ${toErrorMessage(thrown)}` }];
  }
}
