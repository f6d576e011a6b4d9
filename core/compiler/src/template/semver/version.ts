import { TemplateObject, type TemplateValue } from '../template-value.ts';

const VERSION =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** Versions are short; bounds the search for a mistake in a long text. */
const LONGEST_VERSION = 256;
const GREATEST_NUMBER = 2n ** 64n - 1n;

interface VersionParts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

/** A semantic version, as sprig's `semver` answers it. */
export class SemanticVersion extends TemplateObject implements VersionParts {
  override readonly goType = '*semver.Version';
  override readonly goKind = 'ptr';
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  readonly original: string;

  constructor(parts: VersionParts) {
    super();
    this.major = parts.major;
    this.minor = parts.minor;
    this.patch = parts.patch;
    this.prerelease = parts.prerelease;
    this.metadata = parts.metadata;
    this.original = parts.original;
  }

  /** Leading `v`, one or two missing numbers are allowed. Undefined when the text is no version. */
  static parse(text: string): SemanticVersion | undefined {
    const match = text.length > LONGEST_VERSION ? null : VERSION.exec(text);
    if (!match) return undefined;
    const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
    const numbers = { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch) };
    if (Object.values(numbers).some((value) => value > GREATEST_NUMBER)) return undefined;
    // A number of a pre-release must not begin with a zero.
    if (prerelease.split('.').some((part) => /^0\d+$/.test(part))) return undefined;
    return new SemanticVersion({ ...numbers, prerelease, metadata, original: text });
  }

  /** Negative, zero or positive; what is built, the metadata, does not count. */
  compare(other: SemanticVersion): number {
    return (
      order(this.major, other.major) ||
      order(this.minor, other.minor) ||
      order(this.patch, other.patch) ||
      comparePrereleases(this.prerelease, other.prerelease)
    );
  }

  override print(): string {
    const prerelease = this.prerelease && `-${this.prerelease}`;
    const metadata = this.metadata && `+${this.metadata}`;
    return `${this.major}.${this.minor}.${this.patch}${prerelease}${metadata}`;
  }

  override equals(other: TemplateObject): boolean {
    return other instanceof SemanticVersion && other.original === this.original;
  }

  override member(name: string): TemplateValue {
    switch (name) {
      case 'Major':
        return this.major;
      case 'Minor':
        return this.minor;
      case 'Patch':
        return this.patch;
      case 'Prerelease':
        return this.prerelease;
      case 'Metadata':
        return this.metadata;
      case 'Original':
        return this.original;
      default:
        return name === 'String' ? this.print() : undefined;
    }
  }
}

// A version comes after all of its pre-releases.
function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const compared = compareParts(left[index], right[index]);
    if (compared !== 0) return compared;
  }
  return 0;
}

// The shorter comes first, and a number before a word.
function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return order(BigInt(a), BigInt(b));
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : 1;
}

function order(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
