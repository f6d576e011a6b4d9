import { callFault, defineFunction, type TemplateFunction, text } from './template-function.ts';

const RFC3339 =
  /^(\d{4}-(\d{2})-(\d{2}))T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** `Date` makes `2024-01-31` of `2024-01-31T02:00:00Z`: the day as written, in the time's own zone. */
export const dateFunctions: readonly TemplateFunction[] = [
  defineFunction('Date', [text], (value) => {
    const [, day = '', month = '', dayOfMonth = ''] = RFC3339.exec(value) ?? [];
    if (day !== '' && isCalendarDay(day, Number(month), Number(dayOfMonth))) return day;
    throw callFault(
      `${JSON.stringify(value)} is not an RFC 3339 time`,
      'give Date a time such as .DSTART or .DEND',
    );
  }),
];

function isCalendarDay(day: string, month: number, dayOfMonth: number): boolean {
  const time = new Date(`${day}T00:00:00Z`);
  return time.getUTCMonth() + 1 === month && time.getUTCDate() === dayOfMonth;
}
