import { RE2JS } from 're2js';
import type { Budget } from '../budget.ts';
import {
  callFault,
  defineFunction,
  integer,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { NIL_LIST, type TemplateList } from '../template-value.ts';
import { withMust } from './with-must.ts';

/** Sprig's regular expressions, in RE2's syntax and with its promise: time linear in the text, whatever the pattern. */
export const regexFunctions: readonly TemplateFunction[] = [
  // Sprig takes a pattern that cannot be read for one that never matches.
  defineFunction('regexMatch', [text, text], (pattern, value, budget) => {
    const compiled = findPattern(pattern, budget);
    return compiled !== undefined && isMatch(compiled, value, budget);
  }),
  defineFunction('mustRegexMatch', [text, text], (pattern, value, budget) =>
    isMatch(requirePattern(pattern, budget), value, budget),
  ),
  ...withMust([
    defineFunction('regexFind', [text, text], (pattern, value, budget) => {
      const [first] = findMatches({ pattern, value, most: 1 }, budget);
      return first ? value.slice(first.start, first.end) : '';
    }),
    defineFunction('regexFindAll', [text, text, integer], (pattern, value, count, budget) =>
      findAll({ pattern, value, most: Number(count) }, budget),
    ),
    defineFunction('regexReplaceAll', [text, text, text], (pattern, value, replacement, budget) =>
      replaceMatches({ pattern, value }, (match) => expand(replacement, match), budget),
    ),
    defineFunction('regexReplaceAllLiteral', [text, text, text], (pattern, value, replacement, budget) =>
      replaceMatches({ pattern, value }, () => replacement, budget),
    ),
    defineFunction('regexSplit', [text, text, integer], (pattern, value, count, budget) =>
      split({ pattern, value, most: Number(count) }, budget),
    ),
  ]),
  defineFunction('regexQuoteMeta', [text], (value) => value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
];

const compiledPatterns = new Map<string, RE2JS>();
const MAX_COMPILED = 500;
/** Larger programs are compiled anew each time: together they would fill the memory. */
const LARGEST_KEPT = 1000;
const LONGEST_PATTERN = 10_000;

/** What an instruction costs to compile, and a character to pass with a small program, against copying a character. */
const COMPILE_STEPS = 4;
const SEARCH_FACTOR = 4;
const INSTRUCTIONS_AT_ONCE = 16;

function findPattern(pattern: string, budget: Budget): RE2JS | undefined {
  const known = compiledPatterns.get(pattern);
  if (known) return known;
  if (pattern.length > LONGEST_PATTERN) return undefined;
  const compiled = compile(pattern);
  if (!compiled) return undefined;
  // A repetition may unfold a short pattern to a million instructions.
  budget.countSteps(COMPILE_STEPS * compiled.programSize());
  if (compiled.programSize() > LARGEST_KEPT) return compiled;
  if (compiledPatterns.size >= MAX_COMPILED) compiledPatterns.clear();
  compiledPatterns.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function requirePattern(pattern: string, budget: Budget): RE2JS {
  const compiled = findPattern(pattern, budget);
  if (compiled) return compiled;
  throw callFault(
    'the regular expression cannot be read',
    'write it in the syntax of RE2, which has no back-references and no look-around',
  );
}

function isMatch(pattern: RE2JS, value: string, budget: Budget): boolean {
  countSearch(pattern, value.length, budget);
  return pattern.test(value);
}

// One search may read all that is left of the text, and in the worst case every instruction at each character.
function countSearch(pattern: RE2JS, length: number, budget: Budget): void {
  budget.countWork(SEARCH_FACTOR * length * Math.max(1, pattern.programSize() / INSTRUCTIONS_AT_ONCE));
}

interface Match {
  readonly start: number;
  readonly end: number;
  /** A group's text by number or name; empty when it took no part or does not exist. */
  readonly group: (key: string) => string;
}

interface MatchRequest {
  readonly pattern: string;
  readonly value: string;
  /** Negative: all. */
  readonly most: number;
}

/** Go's order of matches: an empty one right after another match does not count. */
function findMatches({ pattern, value, most }: MatchRequest, budget: Budget): readonly Match[] {
  const compiled = requirePattern(pattern, budget);
  const matches: Match[] = [];
  let position = 0;
  let previousEnd = -1;
  while (position <= value.length && (most < 0 || matches.length < most)) {
    const match = search(compiled, value, position, budget);
    if (!match) break;
    const isEmptyHere = match.end === position;
    if (!(isEmptyHere && match.start === previousEnd)) matches.push(match);
    position = isEmptyHere ? position + characterWidth(value, position) : match.end;
    previousEnd = match.end;
  }
  return matches;
}

function search(pattern: RE2JS, value: string, position: number, budget: Budget): Match | undefined {
  countSearch(pattern, value.length - position, budget);
  const matcher = pattern.matcher(value);
  if (!matcher.find(position)) return undefined;
  const names = pattern.namedGroups();
  const groups = Array.from({ length: pattern.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
  return {
    start: matcher.start(),
    end: matcher.end(),
    group: (key) => groups[/^\d+$/.test(key) ? Number(key) : (names[key] ?? -1)] ?? '',
  };
}

function findAll(request: MatchRequest, budget: Budget): TemplateList {
  const matches = findMatches(request, budget);
  if (matches.length === 0) return NIL_LIST;
  return matches.map(({ start, end }) => request.value.slice(start, end));
}

function characterWidth(value: string, position: number): number {
  return (value.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}

function replaceMatches(
  request: Omit<MatchRequest, 'most'>,
  toReplacement: (match: Match) => string,
  budget: Budget,
): string {
  const { value } = request;
  let output = '';
  let end = 0;
  for (const match of findMatches({ ...request, most: -1 }, budget)) {
    output += value.slice(end, match.start) + toReplacement(match);
    budget.checkLength(output.length);
    end = match.end;
  }
  return output + value.slice(end);
}

const REFERENCE = /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** `$1`, `${1}`, `$name`, `${name}` and `$$`; a name reaches as far as letters, digits and `_` do. */
function expand(replacement: string, match: Match): string {
  return replacement.replace(
    REFERENCE,
    (_, dollar: string | undefined, bare: string | undefined, braced: string | undefined) =>
      dollar ?? match.group(bare ?? braced ?? ''),
  );
}

function split(request: MatchRequest, budget: Budget): TemplateList {
  const { pattern, value, most } = request;
  const matches = findMatches(request, budget);
  if (most === 0) return NIL_LIST;
  if (pattern.length > 0 && value.length === 0) return [''];
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const match of matches) {
    if (most > 0 && parts.length === most - 1) break;
    end = match.start;
    if (match.end !== 0) parts.push(value.slice(begin, end));
    begin = match.end;
  }
  if (end !== value.length) parts.push(value.slice(begin));
  return parts;
}
