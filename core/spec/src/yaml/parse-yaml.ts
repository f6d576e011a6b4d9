import type { z } from 'zod';
import { checkShape } from './check-shape.ts';
import { type FileProblem, sortProblems } from './file-problem.ts';
import { loadYaml } from './load-yaml.ts';
import { locateProblems } from './locate-problems.ts';
import type { YamlFile } from './yaml-file.ts';

/** A value of the schema's type, or everything wrong with the text. */
export type ParsedYaml<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** Reads a text strictly: unknown keys, wrong types and syntax errors are all reported in one pass, each with its line and column. */
export function parseYaml<S extends z.ZodType>(source: YamlFile, schema: S): ParsedYaml<z.output<S>> {
  const loaded = loadYaml(source);
  if (loaded.value === undefined) return { ok: false, problems: loaded.problems };
  const { value, problems } = checkShape(schema, loaded.value);
  const found = [...loaded.problems, ...locateProblems([source], problems)];
  if (found.length > 0 || value === undefined) return { ok: false, problems: sortProblems(found) };
  return { ok: true, value };
}
