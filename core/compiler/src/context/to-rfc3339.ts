/** An instant as Go writes it: UTC with `Z`, without fractional seconds unless it has some. */
export function toRfc3339(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}
