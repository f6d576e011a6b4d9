const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const ASCII = /^\p{ASCII}*$/u;

/** The number of bytes of a string in UTF-8, which is what Go's `len` counts. */
export function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : encoder.encode(text).length;
}

/** The bytes from `start` to `end` as a string. A character cut in half becomes U+FFFD: our strings hold no lone bytes. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (ASCII.test(text)) return text.slice(start, end);
  return decoder.decode(encoder.encode(text).subarray(start, end));
}

/** The byte at an index, or undefined beyond the end. */
export function byteAt(text: string, index: number): number | undefined {
  return encoder.encode(text)[index];
}

export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}
