import { listBeginnings } from './match-pattern.ts';
import type { SecretPattern } from './secret-forms.ts';

/** A pattern that begins somewhere else than at its first byte, too: see {@link createPatternIndex}. */
const SKIPPED_BY_WRAP = 3;

/** Finds the patterns that may begin at a place, in a time that does not grow with their number. */
export interface PatternIndex {
  readonly isEmpty: boolean;
  /** For the first two bytes of a place, as `first | second << 8`: whether any pattern begins so. */
  readonly pairs: Uint8Array;
  /** Patterns by their first four bytes, as a little-endian number. */
  readonly byBeginning: ReadonlyMap<number, readonly SecretPattern[]>;
  /** Beginnings of one to three bytes, as text of Latin 1. */
  readonly shortBeginnings: ReadonlySet<string>;
}

/** Indexes the patterns. Each has at least four bytes. */
export function createPatternIndex(patterns: readonly SecretPattern[]): PatternIndex {
  const pairs = new Uint8Array(65_536);
  const byBeginning = new Map<number, SecretPattern[]>();
  const shortBeginnings = new Set<string>();
  for (const pattern of patterns.flatMap(withWrapped)) {
    for (const beginning of listBeginnings(pattern)) {
      const key = Buffer.from(beginning).readUInt32LE(0);
      pairs[key & 0xffff] = 1;
      const known = byBeginning.get(key);
      if (known) known.push(pattern);
      else byBeginning.set(key, [pattern]);
      const text = Buffer.from(beginning).toString('latin1');
      for (const length of [1, 2, 3]) shortBeginnings.add(text.slice(0, length));
    }
  }
  return { isEmpty: patterns.length === 0, pairs, byBeginning, shortBeginnings };
}

/** When a line end stands among the first four bytes of base64, what follows it is found from the fourth byte on. */
function withWrapped(pattern: SecretPattern): readonly SecretPattern[] {
  if (pattern.kind !== 'wrapped' || pattern.bytes.length < 4 * SKIPPED_BY_WRAP) return [pattern];
  return [pattern, { kind: 'wrapped', bytes: pattern.bytes.subarray(SKIPPED_BY_WRAP) }];
}
