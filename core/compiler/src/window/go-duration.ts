const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g;

const UNIT_NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Bounds the arithmetic: nobody writes a length of time in a thousand characters. */
const LONGEST_TEXT = 1000;
const NANOSECONDS_PER_MS = 1_000_000n;
const LONGEST_NANOSECONDS = 2n ** 63n - 1n;

/** A duration in Go's notation (`24h`, `2h45m`, `1.5h`, `-30s`, `0`) in nanoseconds. Undefined when it is none, or longer than the 292 years that Go can hold. */
export function parseGoNanoseconds(text: string): bigint | undefined {
  if (text.length > LONGEST_TEXT || !DURATION.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const nanoseconds = UNIT_NANOSECONDS[unit] ?? 0n;
    total +=
      BigInt(whole || '0') * nanoseconds +
      (BigInt(fraction || '0') * nanoseconds) / 10n ** BigInt(fraction.length);
  }
  if (total > LONGEST_NANOSECONDS) return undefined;
  return text.startsWith('-') ? -total : total;
}

/** The same in milliseconds, what is smaller than one cut off. */
export function parseGoDuration(text: string): number | undefined {
  const nanoseconds = parseGoNanoseconds(text);
  return nanoseconds === undefined ? undefined : Number(nanoseconds / NANOSECONDS_PER_MS);
}
