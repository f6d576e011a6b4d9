import { sliceBytes, toBytes } from '../bytes.ts';
import { type FloatVerb, formatFloatVerb } from './format-float.ts';
import { formatBinaryFloat, formatHexFloat } from './format-hex-float.ts';
import type { Directive } from './printf-directive.ts';
import { isPrintable, quoteCharacter, quoteString, toCharacter } from './quote.ts';

/** Text filled up to the directive's width, counted in characters. */
export function pad(directive: Directive, text: string): string {
  const missing = (directive.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (directive.minus) return text + ' '.repeat(missing);
  return (directive.zero ? '0' : ' ').repeat(missing) + text;
}

/** A bool under `%t` or `%v`; undefined for other verbs. */
export function formatBoolean(directive: Directive, value: boolean): string | undefined {
  return 'tv'.includes(directive.verb) ? pad(directive, String(value)) : undefined;
}

/** A string under `%s %v %q %x %X`; undefined for other verbs. */
export function formatText(directive: Directive, value: string): string | undefined {
  switch (directive.verb) {
    case 'v':
      return pad(directive, directive.goSyntax ? quoteString(value) : cut(directive, value));
    case 's':
      return pad(directive, cut(directive, value));
    case 'q':
      return pad(directive, quote(directive, cut(directive, value)));
    case 'x':
    case 'X':
      return pad(directive, toHex(directive, value));
    default:
      return undefined;
  }
}

function cut({ precision }: Directive, value: string): string {
  return precision === undefined ? value : [...value].slice(0, precision).join('');
}

function quote(directive: Directive, value: string): string {
  const isRaw = directive.sharp && !/[`\p{Cc}\ufeff]/u.test(value.replaceAll('\t', ''));
  if (isRaw) return `\`${value}\``;
  const quoted = quoteString(value);
  return directive.plus ? escapeNonAscii(quoted) : quoted;
}

function escapeNonAscii(quoted: string): string {
  return quoted.replace(/\P{ASCII}/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

function toHex({ verb, precision, sharp, space }: Directive, value: string): string {
  const shown = precision === undefined ? value : sliceBytes(value, 0, precision);
  const pairs = [...toBytes(shown)].map((byte) => byte.toString(16).padStart(2, '0'));
  if (pairs.length === 0) return '';
  const prefix = sharp ? '0x' : '';
  const hex = space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  return verb === 'X' ? hex.toUpperCase() : hex;
}

const RADIX: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const RADIX_PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

/** An integer under `%d %v %b %o %O %x %X %c %q %U`; undefined for other verbs. */
export function formatInteger(directive: Directive, value: bigint): string | undefined {
  const radix = RADIX[directive.verb];
  if (radix !== undefined) return formatDigits(directive, value, radix);
  switch (directive.verb) {
    case 'c':
      return pad(directive, toCharacter(value));
    case 'q':
      return pad(directive, directive.plus ? escapeNonAscii(quoteCharacter(value)) : quoteCharacter(value));
    case 'U':
      return pad(directive, toUnicode(directive, value));
    default:
      return undefined;
  }
}

function formatDigits(directive: Directive, value: bigint, radix: number): string {
  const { verb, precision, width } = directive;
  if (precision === 0 && value === 0n) return pad({ ...directive, zero: false }, '');
  const sign = value < 0n ? '-' : directive.plus ? '+' : directive.space ? ' ' : '';
  const magnitude = (value < 0n ? -value : value).toString(radix);
  const digits = verb === 'X' ? magnitude.toUpperCase() : magnitude;
  const fill = precision ?? (directive.zero ? (width ?? 0) - sign.length : 0);
  const prefix = verb === 'O' ? '0o' : directive.sharp ? (RADIX_PREFIX[verb] ?? '') : '';
  return pad({ ...directive, zero: false }, sign + prefix + digits.padStart(fill, '0'));
}

function toUnicode({ precision, sharp }: Directive, value: bigint): string {
  const code = `U+${BigInt.asUintN(64, value)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(precision ?? 4, 4), '0')}`;
  const character = toCharacter(value);
  return sharp && isPrintable(character) ? `${code} '${character}'` : code;
}

/** A float64 under `%v %b %x %X %e %E %f %F %g %G`; undefined for other verbs. */
export function formatFloatDirective(directive: Directive, value: number): string | undefined {
  if (!'vbxXeEfFgG'.includes(directive.verb)) return undefined;
  const shown = formatFloatDigits(directive, value);
  const signed =
    !shown.startsWith('-') && !shown.startsWith('+')
      ? (directive.plus ? '+' : directive.space ? ' ' : '') + shown
      : shown;
  return padNumber(
    directive,
    directive.plus ? signed : signed.replace(/^\+(?=Inf)/, ''),
    Number.isFinite(value),
  );
}

function formatFloatDigits(directive: Directive, value: number): string {
  const { verb, precision, sharp } = directive;
  if (verb === 'b') return formatBinaryFloat(value);
  const isHex = verb === 'x' || verb === 'X';
  const text = isHex
    ? formatHexFloat(value, { upper: verb === 'X', precision })
    : formatFloatVerb(value, toFloatVerb(verb), precision);
  const shown = sharp && Number.isFinite(value) ? withPoint(text, directive) : text;
  return verb === 'E' || verb === 'G' ? shown.toUpperCase() : shown;
}

// `#` keeps the point and, where digits are significant, the zeros after it.
function withPoint(text: string, { verb, precision }: Directive): string {
  const [, number = '', tail = ''] =
    (/[xX]/.test(verb) ? /^(.*?)([pP].*)?$/ : /^(.*?)(e.*)?$/).exec(text) ?? [];
  const wanted = 'vgGxX'.includes(verb) ? (precision ?? 6) : 0;
  const significant = number
    .replace(/^-/, '')
    .replace('.', '')
    .replace(/^0+(?=.)/, '');
  const missing = Math.max(wanted - significant.length, 0);
  return `${number}${number.includes('.') ? '' : '.'}${'0'.repeat(missing)}${tail}`;
}

function toFloatVerb(verb: string): FloatVerb {
  return verb === 'e' || verb === 'E' ? 'e' : verb === 'f' || verb === 'F' ? 'f' : 'g';
}

// Zeros go between sign and digits, and never before Inf or NaN.
function padNumber(directive: Directive, text: string, isFinite: boolean): string {
  const sign = /^[+ -]/.exec(text)?.[0] ?? '';
  if (!directive.zero || !isFinite) return pad({ ...directive, zero: false }, text);
  return sign + text.slice(sign.length).padStart((directive.width ?? 0) - sign.length, '0');
}
