/** Text to be broken into lines. */
export interface WrapRequest {
  readonly value: string;
  /** Characters a line may hold; less than 1 counts as 1. */
  readonly width: number;
  readonly newLine: string;
  /** Whether a word longer than a line is broken; otherwise it stands out. */
  readonly breaksWords: boolean;
}

/** Breaks one line of text at its spaces. Source: the rules of Go's goutils, on characters instead of bytes. */
export function wrapWords({ value, width, newLine, breaksWords }: WrapRequest): string {
  const characters = [...value];
  const most = Math.max(width, 1);
  const lines: string[] = [];
  const take = (from: number, to: number): number => {
    lines.push(characters.slice(from, to).join(''));
    return to;
  };
  let offset = 0;
  while (characters.length - offset > most) {
    if (characters[offset] === ' ') {
      offset++;
      continue;
    }
    const space = findSpaceBefore(characters, offset, offset + most);
    if (space >= offset) offset = take(offset, space) + 1;
    else if (breaksWords) offset = take(offset, offset + most);
    else {
      const next = characters.indexOf(' ', offset + most);
      // The long word is the end: it is followed by no new line.
      if (next < 0) break;
      offset = take(offset, next) + 1;
    }
  }
  lines.push(characters.slice(offset).join(''));
  return lines.join(newLine);
}

/** The last space from `end` back to `start`, or -1: `lastIndexOf` would search to the beginning of the text. */
function findSpaceBefore(characters: readonly string[], start: number, end: number): number {
  for (let index = end; index >= start; index--) if (characters[index] === ' ') return index;
  return -1;
}
