import { isBinaryAsset } from './binary-asset.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';

const MESSAGE = 'holds the character U+0000 or half a character, which nothing can store; remove it';

/** Texts of a specification that cannot be kept, each named, so that one of them does not fail a deployment without a name. Pure. */
export function findUnstorableTexts(spec: JobSpec): readonly JobSpecProblem[] {
  const texts = listTexts(spec);
  return texts.flatMap(([path, text]) => (isUnstorable(text) ? [{ path, message: MESSAGE }] : []));
}

/** No database and no environment of a process holds a NUL, and half a character is none in UTF-8. */
function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

type NamedText = readonly [path: string, text: string];

function listTexts({ assets, task, hooks, labels, ...rest }: JobSpec): readonly NamedText[] {
  const texts = Object.entries(assets).filter(([, content]) => !isBinaryAsset(content));
  return [
    ...listIn('', rest),
    ...listEntries('labels', Object.entries(labels)),
    ...listIn('task', { ...task, config: [] }),
    ...listConfig(task),
    ...hooks.flatMap(({ config, ...hook }) => [
      ...listIn(`hooks.${hook.name}`, hook),
      ...listConfig({ name: hook.name, config }),
    ]),
    ...listEntries('assets', texts),
  ];
}

function listConfig({ name, config }: Pick<JobSpec['task'], 'name' | 'config'>): readonly NamedText[] {
  return listEntries(
    `${name}.config`,
    config.map((item) => [item.name, item.value]),
  );
}

/** Names that cannot be kept are told at the map that has them: there is no path to show them by. */
function listEntries(path: string, entries: readonly (readonly [string, string])[]): readonly NamedText[] {
  return entries.flatMap(([name, text]): NamedText[] =>
    isUnstorable(name) ? [[path, name]] : [[`${path}.${name}`, text]],
  );
}

/** The texts of a value, and of all that it holds. */
function listIn(path: string, value: unknown): readonly NamedText[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly NamedText[] => [
    [path, key],
    ...listIn(path === '' ? key : `${path}.${key}`, inner),
  ]);
}
