import type { TemplateFunction } from '../functions/template-function.ts';

/** Each function under its name and under `mustName`: where sprig's plain form panics, both fail the template alike. */
export function withMust(functions: readonly TemplateFunction[]): readonly TemplateFunction[] {
  return functions.flatMap((definition) => [
    definition,
    { ...definition, name: `must${definition.name.charAt(0).toUpperCase()}${definition.name.slice(1)}` },
  ]);
}
