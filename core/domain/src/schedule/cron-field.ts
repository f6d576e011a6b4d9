import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';

/** What one of the five fields may hold. */
export interface CronFieldRule {
  /** As in an error: `minute`, `day of month`. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first standing for `min`; empty when the field has numbers only. */
  readonly names: readonly string[];
}

/** The values that a field admits. */
export interface CronField {
  /** Ascending, without repetition. */
  readonly values: readonly number[];
  /** True for `*` and `?`, also with the step 1: the field restricts nothing. */
  readonly isAny: boolean;
}

/** The rules of the five fields, in the order in which they are written. */
export const CRON_FIELD_RULES: readonly [
  CronFieldRule,
  CronFieldRule,
  CronFieldRule,
  CronFieldRule,
  CronFieldRule,
] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  { name: 'day of week', min: 0, max: 6, names: 'sun mon tue wed thu fri sat'.split(' ') },
];

/** Parses one field: a list of `*`, `?`, values and ranges, each with an optional `/step`. @throws OptimusError `SCHEDULE_INVALID` */
export function parseCronField(text: string, rule: CronFieldRule): CronField {
  const items = text.split(',').map((item) => parseItem(item, rule));
  const values = new Set(items.flatMap((item) => item.values));
  return { values: [...values].sort((a, b) => a - b), isAny: items.some((item) => item.isAny) };
}

function parseItem(item: string, rule: CronFieldRule): CronField {
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0) throw fieldError(rule, item, 'has more than one "/"');
  const size = step === undefined ? 1 : parseStep(step, item, rule);
  if (range === '*' || range === '?') return { values: spread(rule.min, rule.max, size), isAny: size === 1 };
  const { from, to } = parseRange(range, item, rule);
  // "5/15" means "from 5 to the end, every 15".
  return { values: spread(from, to ?? (step === undefined ? from : rule.max), size), isAny: false };
}

function parseRange(
  range: string,
  item: string,
  rule: CronFieldRule,
): { readonly from: number; readonly to: number | undefined } {
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) throw fieldError(rule, item, 'has more than one "-"');
  const from = parseValue(first, item, rule);
  const to = last === undefined ? undefined : parseValue(last, item, rule);
  if (to !== undefined && from > to) throw fieldError(rule, item, 'ends before it begins');
  return { from, to };
}

function parseValue(text: string, item: string, rule: CronFieldRule): number {
  const named = rule.names.indexOf(text.toLowerCase());
  if (named >= 0) return named + rule.min;
  if (!/^\d{1,4}$/.test(text)) {
    const nearest = text === '' ? '' : toSuggestion(text, rule.names);
    throw fieldError(rule, item, text === '' ? 'lacks a value' : `is not a number or name${nearest}`);
  }
  const value = Number(text);
  if (value < rule.min || value > rule.max) throw fieldError(rule, item, 'is out of range');
  return value;
}

function parseStep(text: string, item: string, rule: CronFieldRule): number {
  const step = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (step === 0) throw fieldError(rule, item, 'needs a whole number above 0 after "/"');
  return step;
}

function spread(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function fieldError(rule: CronFieldRule, item: string, problem: string): OptimusError {
  const names = rule.names.length === 0 ? '' : ` or ${rule.names.at(0)} to ${rule.names.at(-1)}`;
  return new OptimusError('SCHEDULE_INVALID', {
    message: `${rule.name} ${JSON.stringify(item)} ${problem}; allowed: ${rule.min} to ${rule.max}${names}, "*", lists, ranges and "/" steps`,
    fields: { field: rule.name, value: item },
  });
}
