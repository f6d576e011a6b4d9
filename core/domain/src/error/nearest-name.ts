/** Nobody misspells more than this: names of a megabyte come from attackers, and the comparison is quadratic. */
const LONGEST_COMPARED = 256;

/** The candidate that a misspelt name most probably meant, or undefined when none is near. Source: Damerau–Levenshtein (optimal string alignment). */
export function findNearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST_COMPARED) return undefined;
  const wanted = name.toLowerCase();
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const allowed = allowedDistance(wanted, candidate);
    // Each character more or less costs one edit, so a far longer name cannot be near.
    if (Math.abs(wanted.length - candidate.length) > allowed || candidate.length > LONGEST_COMPARED) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= allowed && (!best || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** `, did you mean "x"?` or the empty string: the tail of an error about an unknown name. */
export function toSuggestion(name: string, candidates: Iterable<string>): string {
  const nearest = findNearestName(name, candidates);
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}

function allowedDistance(wanted: string, candidate: string): number {
  return Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      current.push(cheapestEdit({ a, b, row, column, beforeLast, last, current }));
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

interface EditStep {
  readonly a: string;
  readonly b: string;
  readonly row: number;
  readonly column: number;
  readonly beforeLast: readonly number[];
  readonly last: readonly number[];
  readonly current: readonly number[];
}

function cheapestEdit({ a, b, row, column, beforeLast, last, current }: EditStep): number {
  const cost = a[row - 1] === b[column - 1] ? 0 : 1;
  const at = (line: readonly number[], index: number): number => line[index] ?? Number.POSITIVE_INFINITY;
  const cheapest = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + cost);
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return swapped ? Math.min(cheapest, at(beforeLast, column - 2) + 1) : cheapest;
}
