// Byte escapes are taken in runs: only together do they make a character.
const ESCAPE =
  /\\(?:([abfnrtv\\'"])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|((?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+)|\\/gu;
const BYTE_ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3}))/g;

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};

const INTEGER = /^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|[1-9](?:_?[0-9])*|0)$/;
const DECIMAL = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?\d+)$/;
/** Bounds the arithmetic on what cannot fit 64 bits anyway. */
const LONGEST_INTEGER = 100;
const LEAST_INT = -(2n ** 63n);
const GREATEST_INT = 2n ** 63n - 1n;

/** The value of a Go number: an integer or a float64; undefined when it is none, or lies outside 64 bits. */
export function parseNumber(text: string): bigint | number | undefined {
  if (INTEGER.test(text)) return parseInteger(text);
  if (DECIMAL.test(text) && /[.eE]/.test(text)) return parseFinite(Number(text.replaceAll('_', '')));
  const hex = HEX_FLOAT.exec(text);
  return hex ? parseHexFloat(hex) : undefined;
}

function parseInteger(text: string): bigint | undefined {
  const digits = text.replaceAll('_', '').replace(/^[+-]/, '');
  if (digits.length > LONGEST_INTEGER) return undefined;
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = text.startsWith('-') ? -magnitude : magnitude;
  return value >= LEAST_INT && value <= GREATEST_INT ? value : undefined;
}

function parseHexFloat([, sign, whole = '', fraction = '', exponent]: RegExpExecArray): number | undefined {
  const mantissa = (whole + fraction).replaceAll('_', '');
  if (mantissa === '') return undefined;
  const scale = Number(exponent) - 4 * fraction.replaceAll('_', '').length;
  const value = Number(BigInt(`0x${mantissa}`)) * 2 ** scale;
  return parseFinite(sign === '-' ? -value : value);
}

function parseFinite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The text of a quoted string, without its quotes decoded; undefined when an escape is not Go's. */
export function unquoteString(text: string): string | undefined {
  return decodeEscapes(text.slice(1, -1), "'");
}

/** The code point of a character constant such as `'a'` or `'\n'`; undefined unless it is exactly one. */
export function unquoteCharacter(text: string): bigint | undefined {
  const characters = [...(decodeEscapes(text.slice(1, -1), '"') ?? '')];
  const [only] = characters;
  return only !== undefined && characters.length === 1 ? BigInt(only.codePointAt(0) ?? 0) : undefined;
}

function decodeEscapes(body: string, forbidden: string): string | undefined {
  if (!body.includes('\\')) return body;
  let isValid = true;
  const decoded = body.replace(ESCAPE, (...match: readonly (string | undefined)[]) => {
    const character = decodeEscape(match, forbidden);
    isValid &&= character !== undefined;
    return character ?? '';
  });
  return isValid ? decoded : undefined;
}

function decodeEscape(match: readonly (string | undefined)[], forbidden: string): string | undefined {
  const [, simple, short, long, bytes] = match;
  if (simple !== undefined) {
    return simple === forbidden ? undefined : String.fromCharCode(SIMPLE_ESCAPES[simple] ?? 0);
  }
  if (bytes !== undefined) return decodeBytes(bytes);
  const codePoint = Number.parseInt(short ?? long ?? '', 16);
  return isScalarValue(codePoint) ? String.fromCodePoint(codePoint) : undefined;
}

function decodeBytes(escapes: string): string | undefined {
  const bytes = Array.from(escapes.matchAll(BYTE_ESCAPE), ([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
  );
  if (bytes.some((byte) => byte > 255)) return undefined;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

function isScalarValue(codePoint: number): boolean {
  return codePoint >= 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
}
