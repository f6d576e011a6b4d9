import type { FeedRecording, ObjectsByDay } from './feed-recording.ts';

/** An answer as it goes over the wire. */
export interface FeedAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What a feed answers from. */
export interface Feed {
  readonly recording: FeedRecording;
  /** The one key it accepts. */
  readonly apiKey: string;
}

interface DateRange {
  readonly start: string;
  readonly end: string;
}

const dayMs = 86_400_000;
const longestRangeDays = 7;
const feedUrl = 'http://api.nasa.gov/neo/rest/v1/feed';
/** NASA repeats the caller's key in every link. This feed does not: a key has no business in an answer. */
const keyInLinks = 'DEMO_KEY';

/**
 * Answers `GET /neo/rest/v1/feed` as NASA does: both dates are inclusive, `end_date` is a week after the start when
 * absent, a range over seven days is refused. A date with a time (RFC 3339) counts by its date part.
 */
export function answerFeed(feed: Feed, query: URLSearchParams): FeedAnswer {
  const key = query.get('api_key') ?? '';
  if (key === '') return toKeyError('API_KEY_MISSING', 'No api_key was supplied.');
  if (key !== feed.apiKey) return toKeyError('API_KEY_INVALID', 'An invalid api_key was supplied.');
  const range = parseRange(query);
  return range ? { status: 200, body: toFeedBody(feed.recording, range) } : toDateError(query);
}

function toKeyError(code: string, message: string): FeedAnswer {
  const error = { code, message: `${message} Get one at https://api.nasa.gov:443` };
  return { status: 403, body: { error } };
}

function toDateError(query: URLSearchParams): FeedAnswer {
  const { start_date, end_date } = Object.fromEntries(query);
  const error_message =
    'Date Format Exception - Expected format (yyyy-mm-dd) - The Feed date limit is only 7 Days';
  const asked = new URLSearchParams({ start_date: start_date ?? '', end_date: end_date ?? '' });
  return {
    status: 400,
    body: { code: 400, http_error: 'BAD_REQUEST', error_message, request: `${feedUrl}?${asked.toString()}` },
  };
}

function parseRange(query: URLSearchParams): DateRange | undefined {
  const start = parseDay(query.get('start_date') ?? '');
  if (start === undefined) return undefined;
  const end = query.has('end_date')
    ? parseDay(query.get('end_date') ?? '')
    : addDays(start, longestRangeDays);
  if (end === undefined || end < start || end > addDays(start, longestRangeDays)) return undefined;
  return { start, end };
}

/** The day a date or an RFC 3339 date-time names; undefined for a day that no calendar has. */
function parseDay(text: string): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:[Tt ].*)?$/.exec(text)?.[1];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && toDay(date) === day ? day : undefined;
}

function toFeedBody(recording: FeedRecording, range: DateRange): unknown {
  const objects = pickDays(recording.near_earth_objects, range);
  const count = Object.values(objects).reduce((sum, day) => sum + day.length, 0);
  return { links: toLinks(range), element_count: count, near_earth_objects: objects };
}

/** Every asked day is present: one without a recording has no objects. */
function pickDays(recorded: ObjectsByDay, { start, end }: DateRange): ObjectsByDay {
  const days: string[] = [];
  for (let day = start; day <= end; day = addDays(day, 1)) days.push(day);
  return Object.fromEntries(days.map((day) => [day, recorded[day] ?? []]));
}

function toLinks({ start, end }: DateRange): Readonly<Record<string, string>> {
  const length = (Date.parse(end) - Date.parse(start)) / dayMs;
  return {
    next: toLink(end, addDays(end, length)),
    previous: toLink(addDays(start, -length), start),
    self: toLink(start, end),
  };
}

function toLink(start: string, end: string): string {
  return `${feedUrl}?start_date=${start}&end_date=${end}&detailed=False&api_key=${keyInLinks}`;
}

function addDays(day: string, days: number): string {
  return toDay(new Date(Date.parse(day) + days * dayMs));
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
