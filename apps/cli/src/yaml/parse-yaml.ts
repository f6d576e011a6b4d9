import { toErrorMessage, toSuggestion } from '@optimus/domain';
import { FAILSAFE_SCHEMA, load, mergeTag, nullCoreTag, YAMLException } from 'js-yaml';
import type { z } from 'zod';
import type { FileProblem } from './file-problem.ts';
import { listKnownKeys } from './known-keys.ts';
import { mapYaml, type YamlMap } from './locate.ts';

/** A file's text and the name its problems are reported under. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
}

/** A value of the schema's type, or everything wrong with the text. */
export type ParsedYaml<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** A problem by its path in the document. */
export interface PathProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly what?: 'key' | 'value';
}

// Scalars stay text, so that `010`, `2022-09-18` and `on` mean what they say.
const TEXT_SCHEMA = FAILSAFE_SCHEMA.withTags(nullCoreTag, mergeTag);

/**
 * Reads a text strictly: unknown keys, wrong types and syntax errors are all reported in one pass, each with its line and column.
 * A good text is read by the fast parser alone; only a bad one is parsed again for positions.
 */
export function parseYaml<S extends z.ZodType>(source: YamlFile, schema: S): ParsedYaml<z.output<S>> {
  const loaded = loadText(source);
  if (!loaded.ok) return loaded;
  const parsed = schema.safeParse(loaded.value, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => toPathProblems(issue, schema));
  return { ok: false, problems: locateProblems(source, problems) };
}

/** Gives problems their places in the file. */
export function locateProblems(
  { file, text }: YamlFile,
  problems: readonly PathProblem[],
): readonly FileProblem[] {
  const map = mapYaml(text);
  return problems
    .map(({ path, message, what }) => ({ file, ...map.positionOf(path, what), message }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function loadText(source: YamlFile): ParsedYaml<unknown> {
  try {
    return { ok: true, value: source.text.trim() === '' ? {} : load(source.text, { schema: TEXT_SCHEMA }) };
  } catch (thrown) {
    return { ok: false, problems: findSyntaxProblems(source, thrown) };
  }
}

function findSyntaxProblems({ file, text }: YamlFile, thrown: unknown): readonly FileProblem[] {
  const map: YamlMap = mapYaml(text);
  if (map.syntaxProblems.length > 0) return map.syntaxProblems.map((problem) => ({ file, ...problem }));
  if (!(thrown instanceof YAMLException))
    return [{ file, line: 0, column: 0, message: toErrorMessage(thrown) }];
  const { mark, reason } = thrown;
  return [{ file, line: (mark?.line ?? -1) + 1, column: (mark?.column ?? -1) + 1, message: reason }];
}

function toPathProblems(issue: z.core.$ZodIssue, schema: z.core.$ZodType): PathProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => toUnknownKey(key, issue.path, schema));
  const name = issue.path.map(String).join('.');
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ path: issue.path, message: `${name} ${isMissing ? 'is missing' : issue.message}`.trim() }];
}

function toUnknownKey(key: string, path: readonly PropertyKey[], schema: z.core.$ZodType): PathProblem {
  const known = listKnownKeys(schema, path);
  const place = path.length === 0 ? '' : ` in ${path.map(String).join('.')}`;
  const suggestion = toSuggestion(key, known) || `; known: ${known.join(', ')}`;
  return {
    path: [...path, key],
    what: 'key',
    message: `unknown key ${JSON.stringify(key)}${place}${suggestion}`,
  };
}
