import { z } from 'zod';

/** A JSON Schema, draft 2020-12, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema that editors use, made from the schema that validates. What only code can tell (a day of February, a cron
 * expression) it lets pass; everything it refuses, the validator refuses.
 */
export function toJsonSchema(schema: z.ZodType, { title }: { readonly title: string }): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  return { $schema, title, ...rest };
}
