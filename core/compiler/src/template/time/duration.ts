const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

/** A duration in nanoseconds as Go writes one: `1h0m0s`, `1.5s`, `20ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds < SECOND) return formatSmall(nanoseconds);
  const seconds = `${toDecimal(nanoseconds % MINUTE, SECOND)}s`;
  if (nanoseconds < MINUTE) return seconds;
  const minutes = `${(nanoseconds % HOUR) / MINUTE}m${seconds}`;
  return nanoseconds < HOUR ? minutes : `${nanoseconds / HOUR}h${minutes}`;
}

function formatSmall(nanoseconds: bigint): string {
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  return nanoseconds < 1_000_000n
    ? `${toDecimal(nanoseconds, 1_000n)}µs`
    : `${toDecimal(nanoseconds, 1_000_000n)}ms`;
}

function toDecimal(value: bigint, unit: bigint): string {
  const width = `${unit}`.length - 1;
  const fraction = `${value % unit}`.padStart(width, '0').replace(/0+$/, '');
  return fraction === '' ? `${value / unit}` : `${value / unit}.${fraction}`;
}

const COARSE_UNITS: ReadonlyArray<readonly [bigint, string]> = [
  [365n * 24n * HOUR, 'y'],
  [30n * 24n * HOUR, 'mo'],
  [24n * HOUR, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
  [SECOND, 's'],
];

/** The largest unit of which a duration has more than one, cut to whole ones: `3mo`. Source: sprig's `durationRound`. */
export function formatCoarseDuration(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const unit = COARSE_UNITS.find(([length]) => size > length);
  return unit ? `${size / unit[0]}${unit[1]}` : '0s';
}
