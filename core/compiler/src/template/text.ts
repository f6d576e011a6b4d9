import type { Budget } from './budget.ts';

/** Go's white space; JavaScript's `trim` also takes U+FEFF and leaves U+0085. All of it is in the basic plane. */
const SPACE = /[\t-\r \u0085\p{Z}]/u;

/** `strings.TrimSpace`. By index: a pattern anchored at the end takes quadratic time on long runs of white space. */
export function trimSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && SPACE.test(value.charAt(start))) start++;
  while (end > start && SPACE.test(value.charAt(end - 1))) end--;
  return value.slice(start, end);
}

/** `strings.Trim`: removes the characters of the set from both ends. */
export function trimCutset(value: string, cutset: string): string {
  const characters = [...value];
  const cut = new Set(cutset);
  const start = characters.findIndex((character) => !cut.has(character));
  const end = characters.findLastIndex((character) => !cut.has(character));
  return start < 0 ? '' : characters.slice(start, end + 1).join('');
}

/** `strings.ToUpper`: one character for one, so `ß` stays. */
export function toUpper(value: string): string {
  return mapCharacters(value, (character) => character.toUpperCase());
}

/** `strings.ToLower`: one character for one, whatever stands beside it, so a final `Σ` becomes `σ`. */
export function toLower(value: string): string {
  return mapCharacters(value, (character) => (character === 'İ' ? 'i' : character.toLowerCase()));
}

function mapCharacters(value: string, change: (character: string) => string): string {
  return value.replace(/\P{ASCII}|[a-zA-Z]+/gu, (part) => {
    const changed = change(part);
    return changed.length === part.length || [...changed].length === 1 ? changed : part;
  });
}

/** What to replace by what, all of it. */
export interface Replacement {
  readonly value: string;
  readonly old: string;
  readonly replacement: string;
}

/** `strings.ReplaceAll`; an empty `old` matches before each character and at the end. Bounded: nested calls grow exponentially. */
export function replaceAllText({ value, old, replacement }: Replacement, budget: Budget): string {
  const parts = old === '' ? ['', ...value, ''] : value.split(old);
  const kept = old === '' ? value.length : value.length - (parts.length - 1) * old.length;
  budget.checkLength(kept + (parts.length - 1) * replacement.length);
  return parts.join(replacement);
}
