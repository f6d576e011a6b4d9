import type { TemplateMap } from './template-value.ts';

// Counting the keys of a map takes time by their number, and a template may ask at each pass of a loop. Only maps made while
// rendering are remembered: what is handed in may have been changed by its owner since.
const counts = new WeakMap<TemplateMap, number>();

/** The number of a map's entries. */
export function countEntries(map: TemplateMap): number {
  return counts.get(map) ?? Object.keys(map).length;
}

/** Remembers the count of a map that is changed by {@link changeCount} alone from now on. */
export function rememberCount(map: TemplateMap, count: number): void {
  counts.set(map, count);
}

/** An entry has come or gone. */
export function changeCount(map: TemplateMap, change: 1 | -1): void {
  const known = counts.get(map);
  if (known !== undefined) counts.set(map, known + change);
}
