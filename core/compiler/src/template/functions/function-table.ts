import type { TemplateFunction } from './template-function.ts';

/** The functions that templates of one kind may call, by name. `and` and `or` are part of the language itself. */
export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

/** A table of these functions; a later one replaces an earlier one of the same name. */
export function createFunctionTable(...groups: readonly (readonly TemplateFunction[])[]): FunctionTable {
  return new Map(groups.flat().map((definition) => [definition.name, definition]));
}

/** Every word that a template may use as a function. */
export function functionNames(table: FunctionTable): ReadonlySet<string> {
  const known = namesOf.get(table) ?? new Set(['and', 'or', ...table.keys()]);
  namesOf.set(table, known);
  return known;
}

// Each configuration value is a set of its own, and all of them share one table.
const namesOf = new WeakMap<FunctionTable, ReadonlySet<string>>();
