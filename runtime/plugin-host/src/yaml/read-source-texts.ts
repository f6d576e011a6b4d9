import type { NamedValue, ResolveRequest, SourceText } from '@optimus/domain';
import { parse } from 'yaml';
import type { AssetSource } from './plugin-description.ts';

/** The texts at the sources that a job has; a source that it lacks is none. */
export function readSourceTexts(
  sources: readonly AssetSource[],
  { assets, config }: Pick<ResolveRequest, 'assets' | 'config'>,
): readonly SourceText[] {
  return sources.flatMap((source) => {
    const { parser, selector } = source;
    const name = toTextName(source);
    const text = findValue(source.file === undefined ? config : assets, name);
    if (text === undefined) return [];
    const texts = selector === undefined ? [text] : selectTexts(text, selector);
    return texts.map((selected) => ({ parser, name, text: selected }));
  });
}

/** The names of all sources when the job has nothing at any of them: where there are several, one is enough. */
export function listAbsentTexts(
  sources: readonly AssetSource[],
  { assets, config }: Pick<ResolveRequest, 'assets' | 'config'>,
): readonly string[] {
  const isThere = (source: AssetSource): boolean =>
    findValue(source.file === undefined ? config : assets, toTextName(source)) !== undefined;
  return sources.some(isThere) ? [] : [...new Set(sources.map(toTextName))];
}

function toTextName({ file, configKey }: AssetSource): string {
  return file === undefined ? (configKey ?? '') : file.replace(/^\.\//, '');
}

function findValue(values: readonly NamedValue[], name: string): string | undefined {
  return values.find((value) => value.name === name)?.value;
}

/** The texts at a path such as `$.steps[*].query` in a YAML or JSON document; none in a text that is no such document. */
function selectTexts(text: string, selector: string): readonly string[] {
  const steps = [...selector.matchAll(/[^.[\]$]+/g)].map(([step]) => step);
  const found = steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((value) => take(value, step)),
    [parseDocument(text)],
  );
  return found.filter((value) => typeof value === 'string');
}

function take(value: unknown, step: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value);
  const found = new Map(Object.entries(value)).get(step);
  return found === undefined ? [] : [found];
}

function parseDocument(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
