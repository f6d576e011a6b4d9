/** `0.4 / 2.1 / 8.0 s`: median, 95th percentile and maximum; a dash for nothing. */
export function toPercentiles(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => ((sorted[Math.ceil(part * sorted.length) - 1] ?? 0) / 1_000).toFixed(1);
  return `${at(0.5)} / ${at(0.95)} / ${at(1)} s`;
}
