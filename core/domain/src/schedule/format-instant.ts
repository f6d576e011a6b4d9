/** RFC 3339 in UTC, without the milliseconds that nobody set: `2022-09-19T02:00:00Z`, which is what `--scheduled-at` takes. */
export function formatInstant(instant: Date): string {
  return instant.toISOString().replace('.000Z', 'Z');
}
