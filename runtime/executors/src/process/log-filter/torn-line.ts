const LINE_END = 0x0a;

/** More than what is ever needed to decide about a secret: beyond it every piece of a long one is found by itself. */
const TORN_BYTES = 4096;

/** Drops what may be the rest of a secret whose beginning nobody saw: the rest of a line, or 4 KiB of a longer one. */
export function skipTornLine(): (chunk: Uint8Array) => Uint8Array {
  let left = TORN_BYTES;
  return (chunk) => {
    if (left === 0) return chunk;
    const lineEnd = chunk.indexOf(LINE_END);
    const dropped = Math.min(lineEnd === -1 ? chunk.length : lineEnd + 1, left);
    left = lineEnd !== -1 && lineEnd < left ? 0 : left - dropped;
    return chunk.subarray(dropped);
  };
}
