import { z } from 'zod';

/**
 * Every scalar is read as the text its author wrote (`5`, `010` and `true` keep their spelling), so a text field takes any scalar,
 * and the fields that are not text are parsed here.
 */
export const text = z.string('must be text');

/** A text that may be left out or left empty. */
export const optionalText = text.nullish().transform((value) => value ?? undefined);

/** A whole number from 0 on. */
export const count = z
  .string('must be a whole number')
  .regex(/^\d+$/, { error: (issue) => `is ${JSON.stringify(issue.input)}, must be a whole number` })
  .transform(Number);

const TRUE = /^(true|yes|on|y)$/i;
const FALSE = /^(false|no|off|n)$/i;

/** A truth value in any spelling that YAML 1.1 knows. */
export const flag = z
  .string('must be true or false')
  .refine((value) => TRUE.test(value) || FALSE.test(value), {
    error: (issue) => `is ${JSON.stringify(issue.input)}, must be true or false`,
  })
  .transform((value) => TRUE.test(value));

/** Names to texts; a name without a value has the empty text. */
export const textMap = z
  .record(
    z.string(),
    text.nullable().transform((value) => value ?? ''),
    'must be a map of names to texts',
  )
  .nullish()
  .transform((value) => value ?? {});

/** A list that may be left out. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item, 'must be a list')
    .nullish()
    .transform((value) => value ?? []);
}

/** A map with known keys, and no others. */
export function section<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, { error: sectionError });
}

function sectionError(issue: { readonly code?: string | undefined }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be a map' : undefined;
}
