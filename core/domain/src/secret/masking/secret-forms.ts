/** How a pattern may differ from its bytes where it stands in an output. */
export type PatternKind =
  /** Byte by byte. */
  | 'exact'
  /** Any byte may stand as `%XX`, a space also as `+`. */
  | 'percent'
  /** Line ends may stand between the bytes, as where base64 is broken into lines. */
  | 'wrapped';

/** Bytes that must not be shown. */
export interface SecretPattern {
  readonly kind: PatternKind;
  readonly bytes: Uint8Array;
}

/** Values and lines of values shorter than this are not masked: every number and word of an output would hold them. */
export const MIN_MASKED_BYTES = 4;

/** Members of a JSON value shorter than this are left: they are words such as `basic` or `localhost`. */
const MIN_MEMBER_BYTES = 8;

/** A longer pattern becomes pieces of {@link PIECE_BYTES}, which bounds how much of an output is held back to decide about it. */
const LONGEST_PATTERN_BYTES = 512;
const PIECE_BYTES = 256;

/** Every form in which the values are masked: see DESIGN.md. */
export function toSecretPatterns(values: Iterable<string>): readonly SecretPattern[] {
  const patterns = new Map<string, SecretPattern>();
  const texts = new Set([...values].flatMap(toTexts));
  for (const text of texts) {
    for (const [kind, form] of toForms(text)) {
      for (const piece of toPieces(Buffer.from(form))) {
        patterns.set(`${kind} ${piece.toString('latin1')}`, { kind, bytes: piece });
      }
    }
  }
  return [...patterns.values()];
}

/** A value as a whole, its lines, and what a reader of JSON makes of it. */
function toTexts(value: string): readonly string[] {
  const lines = value.split(/\r\n|[\r\n]/).map((line) => line.trim());
  const members = listJsonTexts(value).filter((text) => Buffer.byteLength(text) >= MIN_MEMBER_BYTES);
  const all = [value, value.trim(), ...lines, ...members.flatMap((text) => [text, ...text.split('\n')])];
  return all.filter(isLongEnough);
}

function listJsonTexts(value: string): readonly string[] {
  if (!/^\s*["{[]/.test(value)) return [];
  const texts: string[] = [];
  try {
    JSON.parse(value, (_, member: unknown) => {
      if (typeof member === 'string') texts.push(member);
    });
  } catch {
    // Begins like JSON and is none: there is nothing that a reader of JSON would make of it.
  }
  return texts;
}

function toForms(text: string): ReadonlyArray<readonly [PatternKind, string]> {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  // The lines of a text are patterns of their own: as a whole it would have them held back until the last one has come.
  const plain = hasMaskedLine(text) ? [] : [text, toShellWord(text)];
  return [
    ...plain.flatMap((form) => [['percent', form] as const, ['exact', form] as const]),
    ...[json, ascii, json.replaceAll('/', String.raw`\/`)].map((form) => ['exact', form] as const),
    ...toBase64Forms(text).map((form) => ['wrapped', form] as const),
  ];
}

function hasMaskedLine(text: string): boolean {
  return text.includes('\n') && text.split('\n').some((line) => isLongEnough(line.trim()));
}

function isLongEnough(text: string): boolean {
  return Buffer.byteLength(text) >= MIN_MASKED_BYTES;
}

/** As `.env` files and `set -x` write it between single quotes. */
function toShellWord(text: string): string {
  return text.replaceAll("'", String.raw`'\''`);
}

/**
 * Base64 of the text as a whole, with the line end that `echo` adds, and as a part of something longer: after one or two bytes of
 * another text every character differs, and those at the edges depend on what stands there.
 */
function toBase64Forms(text: string): readonly string[] {
  const forms = [0, 1, 2].flatMap((before) => [
    toInnerBase64(text, before),
    toEndingBase64(text, before),
    toEndingBase64(`${text}\n`, before),
  ]);
  const long = forms.filter((form) => form.length >= MIN_MASKED_BYTES);
  return [...long, ...long.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function toInnerBase64(text: string, before: number): string {
  const bits = 8 * (before + Buffer.byteLength(text));
  return toEndingBase64(text, before).slice(0, Math.floor(bits / 6) - firstWhole(before));
}

function toEndingBase64(text: string, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64');
  return encoded.replaceAll('=', '').slice(firstWhole(before));
}

/** The first character that no byte before the text has a part in. */
function firstWhole(before: number): number {
  return Math.ceil((8 * before) / 6);
}

function toPieces(bytes: Buffer): readonly Buffer[] {
  if (bytes.length <= LONGEST_PATTERN_BYTES) return [bytes];
  const count = Math.floor(bytes.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * PIECE_BYTES, index + 1 === count ? bytes.length : (index + 1) * PIECE_BYTES),
  );
}
