import { SemanticVersion } from './version.ts';

/** One comparison of a constraint, e.g. `>=1.2.x`; numbers left open by `x`, `*` or nothing are zero in `version`. */
interface Comparison {
  readonly operator: string;
  readonly version: SemanticVersion;
  /** How many numbers are given: 3 means none is left open. */
  readonly given: 0 | 1 | 2 | 3;
}

const NUMBER = '[0-9xX*]+';
const VERSION = `v?${NUMBER}(?:\\.${NUMBER})?(?:\\.${NUMBER})?(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`;
const RANGE = new RegExp(`(${VERSION})\\s+-\\s+(${VERSION})\\s*`, 'g');
const COMPARISON = new RegExp(`(!=|>=|=>|<=|=<|~>|[=<>~^]|)\\s*(${VERSION})(\\s*)`, 'y');

/** Bounds the search for a mistake: the pattern above may take quadratic time on a long text. */
const LONGEST_CONSTRAINT = 1000;

/** Whether a version fulfils a constraint such as `^1.2 || >=3, <4`; undefined when the constraint cannot be read. */
export function checkConstraint(constraint: string, version: SemanticVersion): boolean | undefined {
  if (constraint.length > LONGEST_CONSTRAINT) return undefined;
  const alternatives = constraint
    .replace(RANGE, (_, from: string, to: string) => `>= ${from}, <= ${to} `)
    .split('||')
    .map(parseComparisons);
  if (alternatives.includes(undefined)) return undefined;
  return alternatives.some((comparisons) => comparisons?.every((one) => holds(one, version)));
}

// Comparisons that must all hold, apart by a comma or white space.
function parseComparisons(text: string): readonly Comparison[] | undefined {
  const comparisons: Comparison[] = [];
  COMPARISON.lastIndex = text.length - text.trimStart().length;
  for (let match = COMPARISON.exec(text); match; match = COMPARISON.exec(text)) {
    const [, operator = '', version = '', space = ''] = match;
    const comparison = toComparison(operator, version);
    if (!comparison) return undefined;
    comparisons.push(comparison);
    const { lastIndex } = COMPARISON;
    if (lastIndex === text.length) return comparisons;
    const comma = /,\s*/y;
    comma.lastIndex = lastIndex;
    if (comma.test(text)) COMPARISON.lastIndex = comma.lastIndex;
    else if (space === '') return undefined;
    else COMPARISON.lastIndex = lastIndex;
  }
  return undefined;
}

function toComparison(operator: string, text: string): Comparison | undefined {
  const [, numbers = '', prerelease = ''] = /^v?([0-9xX*.]+)(-[^+]*)?/.exec(text) ?? [];
  const parts = numbers.split('.');
  const open = parts.findIndex((part) => /^[xX*]$/.test(part));
  const given = Math.min(open < 0 ? parts.length : open, 3);
  const written =
    given === 3 ? text : [...parts.slice(0, given), '0', '0', '0'].slice(0, 3).join('.') + prerelease;
  const version = SemanticVersion.parse(written);
  return version && { operator, version, given: toGiven(given) };
}

function toGiven(count: number): Comparison['given'] {
  return count === 0 || count === 1 || count === 2 ? count : 3;
}

function holds(comparison: Comparison, version: SemanticVersion): boolean {
  const isOpen = comparison.given < 3;
  // Who does not ask for pre-releases gets none.
  const skips = version.prerelease !== '' && comparison.version.prerelease === '';
  if (comparison.operator === '!=')
    return isOpen ? !skips && differs(comparison, version) : version.compare(comparison.version) !== 0;
  if (skips) return false;
  const order = version.compare(comparison.version);
  switch (comparison.operator) {
    case '>':
      return isOpen ? isBeyond(comparison, version) : order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return isOpen ? !isBeyondGiven(comparison, version) : order <= 0;
    case '^':
      return order >= 0 && isCompatible(comparison, version);
    case '~':
    case '~>':
      return order >= 0 && isClose(comparison, version);
    default:
      return isOpen ? order >= 0 && isClose(comparison, version) : order === 0;
  }
}

function differs({ version: wanted, given }: Comparison, version: SemanticVersion): boolean {
  if (wanted.major !== version.major) return true;
  if (given === 0) return version.compare(wanted) !== 0;
  if (given === 1) return false;
  if (wanted.minor !== version.minor) return true;
  const hasPrerelease = version.prerelease !== '' || wanted.prerelease !== '';
  return hasPrerelease && version.prerelease !== wanted.prerelease;
}

/** Greater in the numbers that are given: `>11` means 12 or more. */
function isBeyond({ version: wanted, given }: Comparison, version: SemanticVersion): boolean {
  if (version.major !== wanted.major) return version.major > wanted.major;
  if (given === 0) return version.compare(wanted) > 0;
  return given === 2 && version.minor > wanted.minor;
}

function isBeyondGiven({ version: wanted, given }: Comparison, version: SemanticVersion): boolean {
  if (version.major !== wanted.major) return version.major > wanted.major;
  return given !== 1 && version.minor > wanted.minor;
}

/** `~`: the last number that is given may not change, but the patch. */
function isClose({ version: wanted, given }: Comparison, version: SemanticVersion): boolean {
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && (given === 3 || given === 0)) return true;
  if (version.major !== wanted.major) return false;
  return given < 2 || version.minor === wanted.minor;
}

/** `^`: the first number that is not zero may not change. */
function isCompatible({ version: wanted, given }: Comparison, version: SemanticVersion): boolean {
  if (version.major !== wanted.major) return false;
  if (wanted.major > 0n || given === 1) return true;
  if (version.minor !== wanted.minor) return false;
  return wanted.minor > 0n || given === 2 || version.patch === wanted.patch;
}
