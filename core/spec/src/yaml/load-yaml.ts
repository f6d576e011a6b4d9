import { toErrorMessage } from '@optimus/domain';
import { FAILSAFE_SCHEMA, load, mergeTag, nullCoreTag, YAMLException } from 'js-yaml';
import type { FileProblem } from './file-problem.ts';
import { mapYaml, type YamlMap } from './locate.ts';
import type { YamlFile } from './yaml-file.ts';

// Scalars stay text, so that `010`, `2022-09-18` and `on` mean what they say.
const TEXT_SCHEMA = FAILSAFE_SCHEMA.withTags(nullCoreTag, mergeTag);

/** Aliases of a bomb: a few hundred bytes that stand for gigabytes. No specification repeats itself as often. */
const MAX_ALIASES = 1_000;

/** The plain value of a text, or what its syntax lacks. Both, when the text can be read in spite of its problems. */
export interface LoadedYaml {
  /** Undefined when the text cannot be read; an empty text is an empty map. */
  readonly value: unknown;
  /** Whether the text says nothing: blanks and comments. */
  readonly isEmpty: boolean;
  readonly problems: readonly FileProblem[];
}

/** Reads a text by the fast parser alone; only a bad one is parsed again for positions. */
export function loadYaml(source: YamlFile): LoadedYaml {
  try {
    const value = loadText(source.text);
    const forbidden = source.text.includes(FORBIDDEN_KEY) ? findForbiddenKeys(source) : [];
    if (forbidden.length > 0) return { value: undefined, isEmpty: false, problems: forbidden };
    return { value: value ?? {}, isEmpty: value === undefined || value === null, problems: [] };
  } catch (thrown) {
    return isEmpty(source.text) ? { value: {}, isEmpty: true, problems: [] } : loadAgain(source, thrown);
  }
}

/** A name that JavaScript keeps for itself: whoever copies the map loses it without a word. */
function findForbiddenKeys({ file, text }: YamlFile): readonly FileProblem[] {
  const message = `a key cannot be called ${FORBIDDEN_KEY}, rename it`;
  return mapYaml(text)
    .positionsOfKey(FORBIDDEN_KEY)
    .map((place) => ({ file, ...place, message }));
}

const FORBIDDEN_KEY = '__proto__';

/**
 * A bracket that closes a list or a map in the column of its key is how JSON is laid out, and Go's parser takes it; ours asks for one
 * column more, and gets it.
 */
function loadText(text: string): unknown {
  let indented = text;
  for (let brackets = 0; ; brackets += 1) {
    try {
      return load(indented, { schema: TEXT_SCHEMA, maxAliases: MAX_ALIASES });
    } catch (thrown) {
      const at = brackets < MAX_BRACKETS ? findOutdentedBracket(indented, thrown) : undefined;
      if (at === undefined) throw thrown;
      indented = `${indented.slice(0, at)} ${indented.slice(at)}`;
    }
  }
}

/** Each costs a pass. */
const MAX_BRACKETS = 1_000;

function findOutdentedBracket(text: string, thrown: unknown): number | undefined {
  if (!(thrown instanceof YAMLException) || thrown.reason !== 'deficient indentation') return undefined;
  const at = thrown.mark?.position ?? text.length;
  return text[at] === ']' || text[at] === '}' ? at : undefined;
}

function isEmpty(text: string): boolean {
  return text.split('\n').every((line) => /^\uFEFF?\s*(#|$)/.test(line));
}

function loadAgain({ file, text }: YamlFile, thrown: unknown): LoadedYaml {
  const map = mapYaml(text);
  const problems = map.syntaxProblems.map(({ line, column, message }) => ({
    file,
    line,
    column,
    message: toTold(message),
  }));
  if (problems.length === 0) {
    return { value: undefined, isEmpty: false, problems: [toProblem(file, thrown)] };
  }
  const isReadable = map.syntaxProblems.every(({ isRepeatedKey }) => isRepeatedKey);
  return { value: isReadable ? findValue(map) : undefined, isEmpty: false, problems };
}

/** Undefined when aliases explode: what is wrong with the text besides is told all the same. */
function findValue(map: YamlMap): unknown {
  try {
    return toFilledValue(map.toValue());
  } catch {
    return undefined;
  }
}

/** The slow parser reads an absent value as the empty text; the fast one, as nothing. */
function toFilledValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toFilledValue);
  if (typeof value !== 'object' || value === null) return value === '' ? null : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toFilledValue(inner)]));
}

function toProblem(file: string, thrown: unknown): FileProblem {
  if (!(thrown instanceof YAMLException))
    return { file, line: 1, column: 1, message: toTold(toErrorMessage(thrown)) };
  const { mark, reason } = thrown;
  return { file, line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1, message: reason };
}

/** Both parsers go as deep as the stack of the program lets them. */
function toTold(message: string): string {
  return /call stack|stack overflow/i.test(message) ? 'is nested too deeply' : message;
}
