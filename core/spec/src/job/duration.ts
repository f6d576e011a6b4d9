const UNITS_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

const SMALL_UNITS_MS: Readonly<Record<string, number>> = { us: 1e-3, µs: 1e-3, μs: 1e-3, ns: 1e-6 };

const DURATION = /^(?:\d+(?:\.\d*)?(?:h|ms|m|s|us|µs|μs|ns))+$/;
const PART = /(?<amount>\d+(?:\.\d*)?)(?<unit>h|ms|m|s|us|µs|μs|ns)/g;

/** Milliseconds of a duration such as `5m` or `1h30m`, or of `0`; undefined when the text is none. */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const { groups } of text.matchAll(PART)) {
    const unit = groups?.['unit'] ?? '';
    total += Number(groups?.['amount']) * (UNITS_MS[unit] ?? SMALL_UNITS_MS[unit] ?? 0);
  }
  return Math.round(total);
}

/** The shortest duration text for milliseconds: `5m`, `1h30m`, `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const [unit, size] of Object.entries(UNITS_MS)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text === '' ? '0s' : text;
}
