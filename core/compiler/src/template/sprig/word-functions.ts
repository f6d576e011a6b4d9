import type { Budget } from '../budget.ts';
import { byteLength, sliceBytes } from '../bytes.ts';
import { defineFunction, integer, type TemplateFunction, text } from '../functions/template-function.ts';
import { swapCase, toInitials, toTitle, uncapitalize } from '../text/letter-case.ts';
import { toDelimitedCase, toPascalCase } from '../text/word-case.ts';
import { wrapWords } from '../text/wrap-words.ts';

/** Sprig's functions of words: their case, their lines, their abbreviation. */
export const wordFunctions: readonly TemplateFunction[] = [
  defineWordFunction('title', toTitle),
  defineWordFunction('untitle', uncapitalize),
  defineWordFunction('swapcase', swapCase),
  defineWordFunction('initials', toInitials),
  defineWordFunction('snakecase', (value) => toDelimitedCase(value, '_')),
  defineWordFunction('kebabcase', (value) => toDelimitedCase(value, '-')),
  defineWordFunction('camelcase', toPascalCase),
  defineFunction('plural', [text, text, integer], (one, many, count) => (count === 1n ? one : many)),
  defineFunction('wrap', [integer, text], (width, value, budget) =>
    wrapChecked({ value, width: Number(width), newLine: '\n', breaksWords: false }, budget),
  ),
  defineFunction('wrapWith', [integer, text, text], (width, newLine, value, budget) =>
    wrapChecked({ value, width: Number(width), newLine: newLine || '\n', breaksWords: true }, budget),
  ),
  defineFunction('abbrev', [integer, text], (width, value) =>
    width < 4n ? value : abbreviate(value, 0, Number(width)),
  ),
  defineFunction('abbrevboth', [integer, integer, text], (offset, width, value) =>
    width < 4n || (offset > 0n && width < 7n) ? value : abbreviate(value, Number(offset), Number(width)),
  ),
];

/** These look at each character, which costs far more than copying it. */
const CHARACTER_FACTOR = 8;

function defineWordFunction(name: string, change: (value: string) => string): TemplateFunction {
  return defineFunction(name, [text], (value, budget) => {
    budget.countWork(CHARACTER_FACTOR * value.length);
    return change(value);
  });
}

function wrapChecked(request: Parameters<typeof wrapWords>[0], budget: Budget): string {
  budget.countWork(CHARACTER_FACTOR * request.value.length);
  budget.checkLength(request.value.length * (1 + request.newLine.length));
  return wrapWords(request);
}

const ELLIPSIS = '...';

// The offset is where the kept part begins, moved left when too little would follow it. Lengths are bytes.
function abbreviate(value: string, wantedOffset: number, width: number): string {
  const length = byteLength(value);
  if (length <= width) return value;
  const kept = width - ELLIPSIS.length;
  const offset = Math.min(wantedOffset, length - kept < wantedOffset ? length - kept : length);
  if (offset <= 4) return sliceBytes(value, 0, kept) + ELLIPSIS;
  if (offset + kept >= length) return ELLIPSIS + sliceBytes(value, length - kept, length);
  const rest = sliceBytes(value, offset, length);
  return ELLIPSIS + (kept < 4 ? '' : abbreviate(rest, 0, kept));
}
