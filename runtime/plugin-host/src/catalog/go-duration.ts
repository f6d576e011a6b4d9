import type { MessageInitShape } from '@bufbuild/protobuf';
import type { DurationSchema } from '@bufbuild/protobuf/wkt';

const nanosPerUnit: Readonly<Record<string, number>> = {
  M: 720 * 3600e9,
  h: 3600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  ns: 1,
};

const part = /(\d+(?:\.\d+)?)(ms|us|µs|ns|M|h|m|s)/g;
const whole = /^[+-]?(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|M|h|m|s))+$/;

/** A duration as Go writes it (`24h`, `-1h30m`), or in months of 720 hours (`1M`); undefined for any other text. */
export function parseGoDuration(text: string): MessageInitShape<typeof DurationSchema> | undefined {
  if (text === '0') return { seconds: 0n, nanos: 0 };
  if (!whole.test(text)) return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = [...text.matchAll(part)].map(
    ([, count = '0', unit = '']) => Number(count) * (nanosPerUnit[unit] ?? 0),
  );
  const nanos = sign * parts.reduce((sum, each) => sum + each, 0);
  const seconds = Math.trunc(nanos / 1e9);
  return { seconds: BigInt(seconds), nanos: Math.round(nanos - seconds * 1e9) };
}
