import { toSuggestion } from '@optimus/domain';
import { createUsageError } from './usage-error.ts';

/** The flags that were given, read by their long names without the dashes. Errors name the flag. */
export class Flags {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** The value of a flag, or undefined when it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[toKey(name)];
    return typeof value === 'string' ? value : undefined;
  }

  /** The values of a repeatable flag, each split at commas when `isList`. */
  texts(name: string, { isList = false } = {}): readonly string[] {
    const value = this.#values[toKey(name)];
    const given = Array.isArray(value) ? value.map(String) : [];
    return isList ? given.flatMap((text) => text.split(',')).filter((text) => text !== '') : given;
  }

  /** Whether a flag without a value was given. */
  isSet(name: string): boolean {
    return this.#values[toKey(name)] === true;
  }

  /** True for `--name`, false for `--no-name`, undefined for neither. */
  toggle(name: string): boolean | undefined {
    const value = this.#values[toKey(name)];
    return typeof value === 'boolean' ? value : undefined;
  }

  /** One of the choices. @throws a usage error that lists them */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const chosen = choices.find((choice) => choice === value.toLowerCase());
    if (chosen !== undefined) return chosen;
    const suggestion = toSuggestion(value, choices);
    throw createUsageError(
      name,
      `is ${JSON.stringify(value)}, must be one of ${choices.join(', ')}${suggestion}`,
    );
  }

  /** A whole number from `least` on. */
  count(name: string, least = 0): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
    throw createUsageError(name, `is ${JSON.stringify(value)}, must be a whole number from ${least} on`);
  }

  /** How many runs to work out: so few that they are soon computed and fit into memory. */
  runCount(name: string): number | undefined {
    const count = this.count(name, 1);
    if (count === undefined || count <= MOST_COMPUTED_RUNS) return count;
    throw createUsageError(name, `is ${count}, must be at most ${MOST_COMPUTED_RUNS}`);
  }

  /** An instant in RFC 3339, or a date, which means its midnight UTC. */
  instant(name: string): Date | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const instant = parseInstant(value);
    if (instant) return instant;
    const example = '2022-09-19T02:00:00Z or 2022-09-19';
    throw createUsageError(name, `is ${JSON.stringify(value)}, must be a time such as ${example}`);
  }
}

const MOST_COMPUTED_RUNS = 1000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

function parseInstant(value: string): Date | undefined {
  const day = DATE.test(value) ? value : RFC_3339.exec(value)?.[1];
  if (day === undefined || !isCalendarDay(day)) return undefined;
  const instant = new Date(DATE.test(value) ? `${value}T00:00:00Z` : value);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** Whether the text is a day that exists, as `YYYY-MM-DD`. */
export function isCalendarDay(value: string): boolean {
  const instant = new Date(`${value}T00:00:00Z`);
  return DATE.test(value) && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(value);
}

function toKey(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
