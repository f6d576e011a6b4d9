import { findNearestName, OptimusError, toErrorMessage } from '@optimus/domain';
import { z } from 'zod';

/**
 * Every scalar is read as the text its author wrote (`5`, `010` and `true` keep their spelling), so a text field takes any scalar,
 * and the fields that are not text are parsed here. What editors are told instead stands in `meta`.
 */
export const text = z.string('must be text').meta({ type: ['string', 'number', 'boolean'] });

/** A text that may be left out or left empty. */
export const optionalText = text.nullish().transform((value) => value ?? undefined);

/** The largest number that messages carry: an `int32`. */
const LARGEST = 2_147_483_647;

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = LARGEST) {
  const range = `from ${least} to ${most}`;
  const isInRange = (value: string) => /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
  return z
    .string('must be a whole number')
    .refine(isInRange, { error: mustBe(`a whole number ${range}`) })
    .meta({ type: ['integer', 'string'], pattern: '^\\d+$', minimum: least, maximum: most })
    .transform(Number);
}

/** A whole number from 0 on. */
export const count = wholeNumber(0);

const TRUE = /^(true|yes|on|y)$/i;
const FALSE = /^(false|no|off|n)$/i;

/** A truth value in any spelling that YAML 1.1 knows. */
export const flag = z
  .string('must be true or false')
  .refine((value) => TRUE.test(value) || FALSE.test(value), { error: mustBe('true or false') })
  .meta({
    type: ['boolean', 'string'],
    pattern: '^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy]([Ee][Ss])?|[Nn][Oo]?|[Oo][Nn]|[Oo][Ff][Ff])$',
  })
  .transform((value) => TRUE.test(value));

/** One of some words; a misspelt one is told the nearest. */
export function oneOf(words: readonly string[]) {
  return text
    .refine((value) => words.includes(value), {
      error: ({ input }) => {
        const nearest = findNearestName(String(input), words);
        const tail = nearest ? `did you mean ${quote(nearest)}?` : `must be one of ${listWords(words)}`;
        return `is ${quote(input)}, ${tail}`;
      },
    })
    .meta({ type: 'string', enum: words });
}

/** A text of a form; `example` completes the sentence “must be …”. */
export function textLike(form: RegExp, example: string) {
  return text
    .refine((value) => form.test(value), { error: mustBe(example) })
    .meta({ type: 'string', pattern: form.source });
}

/** A text that a parser of the domain accepts; what it says otherwise is the problem. */
export function textThat(parse: (value: string) => unknown) {
  return text.superRefine((value, context) => {
    try {
      parse(value);
    } catch (thrown) {
      const hint = thrown instanceof OptimusError && thrown.hint ? `; ${thrown.hint}` : '';
      context.addIssue({ code: 'custom', message: `is refused: ${toErrorMessage(thrown)}${hint}` });
    }
  });
}

/** Names to texts; a name without a value has the empty text. */
export const textMap = z
  .record(
    z.string().refine((name) => name !== '', 'has an entry without a name'),
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

/** The error that shows the value beside what it must be. */
export function mustBe(what: string) {
  return ({ input }: { readonly input?: unknown }): string => `is ${quote(input)}, must be ${what}`;
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}

function listWords(words: readonly string[]): string {
  return words.filter((word) => word !== '').join(', ');
}
