import type { Budget } from './budget.ts';
import { changeCount, countEntries, rememberCount } from './entry-count.ts';
import { isList, isMap, sortedKeys, type TemplateMap, type TemplateValue } from './template-value.ts';

/** A map of these entries. Without a prototype every key is an ordinary one, `__proto__` too. */
export function toMap(entries: Iterable<readonly [string, TemplateValue]>): TemplateMap {
  const map: Record<string, TemplateValue> = Object.create(null);
  let count = 0;
  for (const [key, value] of entries) {
    if (!(key in map)) count++;
    map[key] = value;
  }
  rememberCount(map, count);
  return map;
}

/** Sets an entry in place: a map made while rendering belongs to that rendering alone. */
export function setEntry(map: TemplateMap, key: string, value: TemplateValue): void {
  if (!Object.hasOwn(map, key)) changeCount(map, 1);
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

export function removeEntry(map: TemplateMap, key: string): void {
  if (Object.hasOwn(map, key) && Reflect.deleteProperty(map, key)) changeCount(map, -1);
}

/** Sorting costs more than copying. */
const SORT_FACTOR = 8;

/** The keys of a map in their order, charged: they are sorted anew each time. */
export function listKeys(map: TemplateMap, budget: Budget): readonly string[] {
  budget.countWork(SORT_FACTOR * countEntries(map));
  return sortedKeys(map);
}

/** A deep copy of a map: data of a rendering's own, which may be changed in place. */
export function copyMap(map: TemplateMap, budget: Budget): TemplateMap {
  return toMap(Object.entries(map).map(([key, value]) => [key, copyValue(value, budget)]));
}

/** A node is copied in about the time of so many steps. */
const COPY_STEPS = 8;

/** A copy that shares no map or list with the original. */
export function copyValue(value: TemplateValue, budget: Budget): TemplateValue {
  budget.countSteps(COPY_STEPS);
  if (isList(value)) return value.map((item) => copyValue(item, budget));
  return isMap(value) ? copyMap(value, budget) : value;
}

/** Whether a map can be reached from a value: put into itself it could never be printed. */
export function reaches(from: TemplateValue, target: TemplateMap, budget: Budget): boolean {
  const seen = new Set<TemplateValue>();
  const waiting: TemplateValue[] = [from];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value === target) return true;
    if (typeof value !== 'object' || seen.has(value)) continue;
    budget.countStep();
    seen.add(value);
    if (isList(value)) for (const item of value) waiting.push(item);
    else if (isMap(value)) for (const key of Object.keys(value)) waiting.push(value[key]);
  }
  return false;
}
