import { toLower, toUpper } from '../text.ts';

const SPACE = /[\t-\r \u0085\p{Z}]/u;

/** Go's `strings.Title`: the first letter of each word; letters, digits and `_` make a word, and so do other ASCII-less marks. */
export function toTitle(value: string): string {
  let before = ' ';
  return mapCharacters(value, (character) => {
    const starts = isTitleSeparator(before);
    before = character;
    return starts ? toUpper(character) : character;
  });
}

// Of ASCII all but letters, digits and the underscore separate words; beyond it only white space does.
function isTitleSeparator(character: string): boolean {
  if (/^\p{ASCII}$/u.test(character)) return !/\w/.test(character);
  return !/[\p{L}\p{Nd}]/u.test(character) && SPACE.test(character);
}

/** The first letter of each word in small, words being separated by white space. */
export function uncapitalize(value: string): string {
  let isStart = true;
  return mapCharacters(value, (character) => {
    const isSpace = SPACE.test(character);
    const changed = isStart && !isSpace ? toLower(character) : character;
    isStart = isSpace;
    return changed;
  });
}

/** Capitals become small, small letters capitals; a small letter after white space becomes a capital too. */
export function swapCase(value: string): string {
  return mapCharacters(value, (character) => {
    if (/[\p{Lu}\p{Lt}]/u.test(character)) return toLower(character);
    return /\p{Ll}/u.test(character) ? toUpper(character) : character;
  });
}

/** The first character of each word. */
export function toInitials(value: string): string {
  let isStart = true;
  return mapCharacters(value, (character) => {
    const isSpace = SPACE.test(character);
    const kept = isStart && !isSpace ? character : '';
    isStart = isSpace;
    return kept;
  });
}

function mapCharacters(value: string, change: (character: string) => string): string {
  let result = '';
  for (const character of value) result += change(character);
  return result;
}
