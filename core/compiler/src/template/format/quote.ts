const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};
const NOT_PRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** A string in Go's double quotes, as `%q` and `quote` write it. */
export function quoteString(text: string): string {
  return `"${[...text].map((character) => escapeCharacter(character, '"')).join('')}"`;
}

/** A code point in Go's single quotes, as `%q` writes an integer. */
export function quoteCharacter(codePoint: bigint): string {
  return `'${escapeCharacter(toCharacter(codePoint), "'")}'`;
}

/** The character of a code point; U+FFFD for what is none. */
export function toCharacter(codePoint: bigint): string {
  const isScalar =
    codePoint >= 0n && codePoint <= 0x10ffffn && !(codePoint >= 0xd800n && codePoint <= 0xdfffn);
  return isScalar ? String.fromCodePoint(Number(codePoint)) : '\ufffd';
}

/** Whether Go prints the character as it is rather than as an escape. */
export function isPrintable(character: string): boolean {
  return !NOT_PRINTABLE.test(character);
}

function escapeCharacter(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  return isPrintable(character) ? character : toHexEscape(character.codePointAt(0) ?? 0);
}

function toHexEscape(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return codePoint > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
