import { MIN_MASKED_BYTES, type SecretPattern } from './secret-forms.ts';

/** The pattern does not stand here. */
export const NO_MATCH = -1;
/** The data ends before that is decided. */
export const UNDECIDED = -2;

/** Where the pattern that begins at `start` ends, {@link NO_MATCH} or {@link UNDECIDED}. */
export function matchPattern({ kind, bytes }: SecretPattern, data: Uint8Array, start: number): number {
  switch (kind) {
    case 'exact':
      return matchExact(bytes, data, start);
    case 'percent':
      return matchPercent(bytes, data, start);
    case 'wrapped':
      return matchWrapped(bytes, data, start);
  }
}

function matchExact(bytes: Uint8Array, data: Uint8Array, start: number): number {
  const end = start + bytes.length;
  const seen = Math.min(end, data.length);
  for (let at = start; at < seen; at += 1) {
    if (data[at] !== bytes[at - start]) return NO_MATCH;
  }
  return end <= data.length ? end : UNDECIDED;
}

const [PERCENT, SPACE, PLUS, CARRIAGE_RETURN, NEW_LINE] = [0x25, 0x20, 0x2b, 0x0d, 0x0a];

function matchPercent(bytes: Uint8Array, data: Uint8Array, start: number): number {
  let at = start;
  for (const byte of bytes) {
    const found = data[at];
    if (found === undefined) return UNDECIDED;
    if (found === PERCENT && (byte === PERCENT || !isSame(byte, found))) {
      const digits = matchDigits(byte, data, at + 1);
      if (digits === UNDECIDED) return UNDECIDED;
      if (digits !== NO_MATCH) at = digits;
      else if (byte === PERCENT) at += 1;
      else return NO_MATCH;
    } else if (isSame(byte, found)) at += 1;
    else return NO_MATCH;
  }
  return at;
}

function isSame(byte: number, found: number): boolean {
  return byte === found || (byte === SPACE && found === PLUS);
}

function matchDigits(byte: number, data: Uint8Array, start: number): number {
  const [high, low] = [data[start], data[start + 1]];
  if (high !== undefined && toDigit(high) !== byte >> 4) return NO_MATCH;
  if (high === undefined || low === undefined) return UNDECIDED;
  return toDigit(low) === (byte & 15) ? start + 2 : NO_MATCH;
}

function toDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function matchWrapped(bytes: Uint8Array, data: Uint8Array, start: number): number {
  let at = start;
  for (const [index, byte] of bytes.entries()) {
    // A line end after fewer bytes would have every other line of an output held back.
    if (index >= MIN_MASKED_BYTES) at = skipLineEnd(data, at);
    if (data[at] === undefined) return UNDECIDED;
    if (data[at] !== byte) return NO_MATCH;
    at += 1;
  }
  return at;
}

function skipLineEnd(data: Uint8Array, at: number): number {
  const next = data[at] === CARRIAGE_RETURN ? at + 1 : at;
  return data[next] === NEW_LINE ? next + 1 : next;
}

/** The first four bytes with which the pattern may begin in an output. */
export function listBeginnings({ kind, bytes }: SecretPattern): readonly Uint8Array[] {
  const head = bytes.subarray(0, MIN_MASKED_BYTES);
  if (kind !== 'percent') return [head];
  return listEncoded(head).map((text) => Buffer.from(text.slice(0, MIN_MASKED_BYTES), 'latin1'));
}

function listEncoded(head: Uint8Array): readonly string[] {
  let texts: readonly string[] = [''];
  for (const byte of head) {
    const forms = listByteForms(byte);
    const longer = texts.flatMap((text) =>
      text.length >= MIN_MASKED_BYTES ? [text] : forms.map((form) => text + form),
    );
    texts = [...new Set(longer)];
  }
  return [...new Set(texts.map((text) => text.slice(0, MIN_MASKED_BYTES)))];
}

/** Nobody encodes letters and digits; every other byte somebody does. */
function listByteForms(byte: number): readonly string[] {
  const raw = String.fromCharCode(byte);
  if (/[a-zA-Z0-9]/.test(raw)) return [raw];
  const digits = byte.toString(16).padStart(2, '0');
  const mixed = [digits, digits.toUpperCase()].map((text) => `%${text}`);
  return [raw, ...mixed, ...(byte === SPACE ? ['+'] : [])];
}
