/** The distance from UTC in the form of `part`, one of `-07:00`, `Z0700` and the like. */
export function formatOffset(part: string, offsetSeconds: number): string {
  if (part.startsWith('Z') && offsetSeconds === 0) return 'Z';
  const distance = Math.abs(offsetSeconds);
  const fields = [Math.floor(distance / 3600), Math.floor(distance / 60) % 60, distance % 60];
  const colon = part.includes(':');
  const count = part.slice(1).replaceAll(':', '').length / 2;
  const sign = offsetSeconds < 0 ? '-' : '+';
  return (
    sign +
    fields
      .slice(0, count)
      .map((field) => pad(field, 2))
      .join(colon ? ':' : '')
  );
}

function pad(value: number, width: number): string {
  return `${value}`.padStart(width, '0');
}
