/** What can be changed, in the order of the screen. */
export const FIELDS = ['version', 'size', 'shiftBy', 'truncateTo', 'location', 'interval', 'from'] as const;

/** One of {@link FIELDS}. */
export type Field = (typeof FIELDS)[number];

/** A window, the schedule whose runs it is for, and where the cursor stands. */
export interface WindowState {
  readonly version: number;
  readonly size: string;
  /** Before version 3: the offset. */
  readonly shiftBy: string;
  readonly truncateTo: string;
  /** IANA name; empty is UTC. */
  readonly location: string;
  readonly interval: string;
  /** Runs after this time are shown, so many of them. */
  readonly from: Date;
  readonly count: number;
  readonly selected: Field;
  /** What the keys go through, with whatever the flags said. */
  readonly locations: readonly string[];
  readonly intervals: readonly string[];
  readonly isOver: boolean;
}

/** A key, by its name in the terminal: `up`, `w`; letters are lower-case. */
export interface Key {
  readonly name: string;
  readonly isShifted?: boolean;
  readonly isControl?: boolean;
}

type Beginning = Omit<WindowState, 'selected' | 'locations' | 'intervals' | 'isOver'>;

const LOCATIONS = ['', 'Asia/Jakarta', 'Asia/Kolkata', 'Asia/Tokyo', 'Europe/Berlin', 'America/New_York'];
const INTERVALS = ['0 * * * *', '0 2 * * *', '0 2 * * 1', '0 2 1 * *'];
const DAY_MS = 86_400_000;

/** The state to begin with. */
export function createWindowState(beginning: Beginning): WindowState {
  const { location, interval } = beginning;
  return {
    ...beginning,
    selected: 'size',
    locations: [...new Set([location, ...LOCATIONS])],
    intervals: [...new Set([interval, ...INTERVALS])],
    isOver: false,
  };
}

/**
 * The state after a key. Up and down choose a field; left and right, or shift with up and down, or `s` and `w`, change it; `u`
 * changes the unit of a length; `q`, Escape and Ctrl-C end. Any other key changes nothing. Pure.
 */
export function pressKey(
  state: WindowState,
  { name, isShifted = false, isControl = false }: Key,
): WindowState {
  if (isControl) return name === 'c' || name === 'd' ? { ...state, isOver: true } : state;
  switch (name) {
    case 'q':
    case 'escape':
      return { ...state, isOver: true };
    case 'up':
      return isShifted ? changeValue(state, 1) : moveCursor(state, -1);
    case 'down':
      return isShifted ? changeValue(state, -1) : moveCursor(state, 1);
    case 'right':
    case 'w':
      return changeValue(state, 1);
    case 'left':
    case 's':
      return changeValue(state, -1);
    case 'u':
      return changeUnit(state);
    default:
      return state;
  }
}

type Step = 1 | -1;

function moveCursor(state: WindowState, step: Step): WindowState {
  return { ...state, selected: neighbour(FIELDS, state.selected, step) };
}

function changeValue(state: WindowState, step: Step): WindowState {
  switch (state.selected) {
    case 'version':
      return toVersion(state, neighbour([1, 2, 3], state.version, step));
    case 'size':
      return { ...state, size: addToSpan(state.size, step, state.version, 0) };
    case 'shiftBy':
      return { ...state, shiftBy: addToSpan(state.shiftBy, step, state.version, -9999) };
    case 'truncateTo':
      return { ...state, truncateTo: neighbour(listTruncations(state.version), state.truncateTo, step) };
    case 'location':
      return { ...state, location: neighbour(state.locations, state.location, step) };
    case 'interval':
      return { ...state, interval: neighbour(state.intervals, state.interval, step) };
    default:
      return { ...state, from: new Date(state.from.getTime() + step * DAY_MS) };
  }
}

function changeUnit(state: WindowState): WindowState {
  const { selected, version } = state;
  if (selected !== 'size' && selected !== 'shiftBy') return state;
  const { count, unit } = parseSpan(state[selected], version);
  return { ...state, [selected]: toSpan(count, neighbour(listUnits(version), unit, 1)) };
}

interface Span {
  readonly count: number;
  readonly unit: string;
}

/** A length that is not of one number and one unit, such as `1M24h`, counts as the unit of its version. */
function parseSpan(text: string, version: number): Span {
  const [, count = '0', unit = ''] = /^(-?\d{1,6})([a-zA-Z])$/.exec(text) ?? [];
  return listUnits(version).includes(unit)
    ? { count: Number(count), unit }
    : { count: 0, unit: version === 3 ? 'd' : 'h' };
}

function addToSpan(text: string, step: Step, version: number, least: number): string {
  const { count, unit } = parseSpan(text, version);
  return toSpan(Math.max(least, count + step), unit);
}

function toSpan(count: number, unit: string): string {
  return `${count}${unit}`;
}

function listUnits(version: number): readonly string[] {
  return version === 3 ? ['h', 'd', 'w', 'M', 'y'] : ['h', 'M'];
}

function listTruncations(version: number): readonly string[] {
  return version === 3 ? ['', 'h', 'd', 'w', 'M', 'y', 'None'] : ['', 'h', 'd', 'w', 'M'];
}

/** What the units of version 3 alone are in those of the versions before. */
const OLDER: Readonly<Record<string, Span>> = {
  d: { count: 24, unit: 'h' },
  w: { count: 168, unit: 'h' },
  y: { count: 12, unit: 'M' },
};

/** The same window in another version, as far as that knows its units. */
function toVersion(state: WindowState, version: number): WindowState {
  const { truncateTo } = state;
  return {
    ...state,
    version,
    size: translate(state.size, version),
    shiftBy: translate(state.shiftBy, version),
    truncateTo: listTruncations(version).includes(truncateTo) ? truncateTo : '',
  };
}

function translate(text: string, version: number): string {
  const { count, unit } = parseSpan(text, 3);
  const older = OLDER[unit];
  if (text === '' || version === 3 || older === undefined) return text;
  return toSpan(count * older.count, older.unit);
}

function neighbour<T>(values: readonly T[], value: T, step: Step): T {
  const index = values.indexOf(value);
  return values.at((index + step) % values.length) ?? value;
}
