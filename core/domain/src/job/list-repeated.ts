/** Places of the texts that stood before already. Linear: a request may hold a million of them. */
export function listRepeated(texts: readonly string[]): readonly number[] {
  const seen = new Set<string>();
  return texts.flatMap((text, place) => {
    if (seen.has(text)) return [place];
    seen.add(text);
    return [];
  });
}
