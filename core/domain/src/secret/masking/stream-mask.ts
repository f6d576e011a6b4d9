import { matchPattern, NO_MATCH, UNDECIDED } from './match-pattern.ts';
import { createPatternIndex, type PatternIndex } from './pattern-index.ts';
import { MIN_MASKED_BYTES, type SecretPattern, toSecretPatterns } from './secret-forms.ts';

/** What is written in the place of a secret. */
export const MASK = '***';

const MASK_BYTES = Buffer.from(MASK);

/** Secret values, prepared to be looked for. Immutable. */
export class SecretPatterns {
  readonly index: PatternIndex;

  constructor(values: Iterable<string>) {
    this.index = createPatternIndex(toSecretPatterns(values));
  }
}

/**
 * Masks secrets in a stream of bytes, however it is cut into chunks. What may be the beginning of a secret is held back until that
 * is decided: at most a few hundred bytes, and never a line that has ended, but for base64 that may go on in the next one.
 */
export class StreamMask {
  readonly #index: PatternIndex;
  #held: Uint8Array = Buffer.alloc(0);
  /** How many of the held bytes a mask that is already written stands for. */
  #covered = 0;
  /** The last thing written is a mask, which a secret that begins at once would only repeat. */
  #endsWithMask = false;

  constructor({ index }: SecretPatterns) {
    this.#index = index;
  }

  /** How many bytes wait for more. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** What of the stream can be shown after this chunk. */
  write(chunk: Uint8Array): Uint8Array {
    if (this.#index.isEmpty) return chunk;
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    return this.#mask(data, 'more');
  }

  /** The rest of the stream. `cut`: it may end within a secret, whose beginning is masked from four bytes on. */
  end(how: 'whole' | 'cut'): Uint8Array {
    const rest = how === 'cut' ? this.#endCut() : this.#mask(this.#held, 'final');
    this.#held = Buffer.alloc(0);
    this.#covered = 0;
    return rest;
  }

  #endCut(): Uint8Array {
    const open = this.#held.subarray(this.#covered);
    if (open.length === 0 || this.#held.length < MIN_MASKED_BYTES) return open;
    return this.#covered > 0 ? Buffer.alloc(0) : MASK_BYTES;
  }

  #mask(data: Uint8Array, more: 'more' | 'final'): Uint8Array {
    const parts: Uint8Array[] = [];
    // Everything before it is written, as it is or as a mask.
    let shown = this.#covered;
    const { matches, undecided } = findMatches(this.#index, data, more);
    for (const { start, end } of matches) {
      if (start > shown) this.#show(parts, data.subarray(shown, start));
      if (!this.#endsWithMask) parts.push(MASK_BYTES);
      this.#endsWithMask = true;
      shown = Math.max(shown, end);
    }
    if (shown < undecided) this.#show(parts, data.subarray(shown, undecided));
    this.#held = Buffer.from(data.subarray(undecided));
    this.#covered = Math.max(0, shown - undecided);
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  #show(parts: Uint8Array[], bytes: Uint8Array): void {
    parts.push(bytes);
    this.#endsWithMask = false;
  }
}

interface Matches {
  readonly matches: ReadonlyArray<{ readonly start: number; readonly end: number }>;
  /** The first place where the end of the data leaves open whether a secret begins. */
  readonly undecided: number;
}

function findMatches(index: PatternIndex, data: Uint8Array, more: 'more' | 'final'): Matches {
  const { pairs, byBeginning } = index;
  const matches: Array<{ readonly start: number; readonly end: number }> = [];
  const last = data.length - MIN_MASKED_BYTES;
  let second = data[0] ?? 0;
  for (let at = 0; at <= last; at += 1) {
    const first = second;
    second = data[at + 1] ?? 0;
    if (pairs[first | (second << 8)] === 0) continue;
    const key = first | (second << 8) | ((data[at + 2] ?? 0) << 16) | ((data[at + 3] ?? 0) << 24);
    const patterns = byBeginning.get(key >>> 0);
    if (patterns === undefined) continue;
    const end = findLongest(patterns, data, at, more);
    if (end === UNDECIDED) return { matches, undecided: at };
    if (end !== NO_MATCH) matches.push({ start: at, end });
  }
  const undecided = more === 'final' ? data.length : findShortBeginning(index, data, Math.max(0, last + 1));
  return { matches, undecided };
}

/** Undecided as soon as one pattern is: it might be longer than those that end here. */
function findLongest(
  patterns: readonly SecretPattern[],
  data: Uint8Array,
  at: number,
  more: 'more' | 'final',
): number {
  let longest = NO_MATCH;
  for (const pattern of patterns) {
    const end = matchPattern(pattern, data, at);
    if (end === UNDECIDED && more === 'more') return UNDECIDED;
    longest = Math.max(longest, end);
  }
  return longest;
}

function findShortBeginning({ shortBeginnings }: PatternIndex, data: Uint8Array, from: number): number {
  for (let at = from; at < data.length; at += 1) {
    if (shortBeginnings.has(Buffer.from(data.subarray(at)).toString('latin1'))) return at;
  }
  return data.length;
}
