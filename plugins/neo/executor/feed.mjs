import { fetchText } from './http.mjs';
import { parseKeepingNumbers } from './number-text.mjs';

/** Asks NASA's feed for the objects of the days, first and last included. */
export async function fetchFeed({ host, days, apiKey }) {
  const url = new URL('/neo/rest/v1/feed', host);
  url.search = new URLSearchParams({
    start_date: days.first,
    end_date: days.last,
    api_key: apiKey,
  }).toString();
  return parseKeepingNumbers(await fetchText({ service: url.host, url, hidden: apiKey }));
}

/**
 * The days that a window covers. A window ends just before its end, while the feed includes both of its days: to ask
 * for the days of start and end would count the day of the end twice, in this run and in the next. So a window that
 * ends at midnight asks up to the day before, and one that is shorter than a day asks for that day.
 */
export function toFeedDays(rangeStart, rangeEnd) {
  const start = parseTime('RANGE_START', rangeStart);
  const end = parseTime('RANGE_END', rangeEnd);
  return { first: toDay(start), last: toDay(Math.max(start, end - 1)) };
}

function parseTime(name, text) {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new Error(`${name} is "${text}", which is no date: use {{.DSTART}} or YYYY-MM-DD`);
  return time;
}

function toDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}
