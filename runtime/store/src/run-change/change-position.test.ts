import { describe, expect, it } from 'vitest';
import {
  type ChangePosition,
  formatPosition,
  moveOn,
  parsePosition,
  parseSnapshot,
  type Snapshot,
  startAt,
  toSnapshotText,
  type WrittenChange,
} from './change-position.ts';

/** Random numbers that a seed repeats. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** A database in which transactions write changes and end in any order. */
class Transactions {
  readonly #random: (below: number) => number;
  readonly #running = new Map<bigint, WrittenChange[]>();
  readonly committed: WrittenChange[] = [];
  #nextTransaction = 100n;
  #nextId = 1n;

  constructor(random: (below: number) => number) {
    this.#random = random;
  }

  step(): void {
    const open = [...this.#running.keys()];
    const one = open[this.#random(open.length)];
    switch (one === undefined ? 0 : this.#random(4)) {
      case 0:
        this.#running.set(this.#nextTransaction++, []);
        break;
      case 1:
      case 2:
        this.#running.get(one ?? 0n)?.push({ transaction: one ?? 0n, id: this.#nextId++ });
        break;
      default:
        this.#end(one ?? 0n);
    }
  }

  snapshot(): Snapshot {
    return { end: this.#nextTransaction, running: [...this.#running.keys()] };
  }

  endAll(): void {
    for (const one of this.#running.keys()) this.#end(one);
  }

  /** As the statement of the store reads: a page of what the position has not seen. */
  read(position: ChangePosition, limit: number): readonly WrittenChange[] {
    const rest = this.committed.filter(
      (one) => one.transaction === position.last && one.id > position.lastId,
    );
    const seen = parseSnapshot(toSnapshotText(position));
    const others = this.committed.filter(
      ({ transaction }) => transaction >= seen.end || seen.running.includes(transaction),
    );
    return [...rest.sort(byOrder), ...others.sort(byOrder)].slice(0, limit);
  }

  #end(one: bigint): void {
    if (this.#random(8) > 0) this.committed.push(...(this.#running.get(one) ?? []));
    this.#running.delete(one);
  }
}

function byOrder(a: WrittenChange, b: WrittenChange): number {
  return Number(a.transaction - b.transaction) || Number(a.id - b.id);
}

/** Reads pages of random length at random moments, and forgets now and then all but the position of some change. */
function readAll(seed: number): { readonly read: readonly bigint[]; readonly expected: readonly bigint[] } {
  const random = makeRandom(seed);
  const database = new Transactions(random);
  for (let i = random(30); i > 0; i--) database.step();
  const before = new Set(database.committed.map(({ id }) => id));
  let position = startAt(
    database.snapshot(),
    database.committed.toSorted(byOrder).at(-1) ?? { transaction: 0n, id: 0n },
  );
  const read: bigint[] = [];
  const readPage = (limit: number): number => {
    const snapshot = database.snapshot();
    const page = database.read(position, limit);
    // A client that leaves in the middle of a page comes back with the id of what it has taken.
    for (const change of page.slice(0, page.length - random(page.length))) {
      position = parsePosition(
        formatPosition({ position: moveOn(position, snapshot, change), database: 'd'.repeat(8), givenAt: 1 }),
      ).position;
      read.push(change.id);
    }
    return page.length;
  };
  for (let i = 0; i < 200; i++) {
    database.step();
    if (random(5) === 0) readPage(1 + random(4));
  }
  database.endAll();
  while (readPage(1 + random(4)) > 0);
  return { read, expected: database.committed.map(({ id }) => id).filter((id) => !before.has(id)) };
}

describe('a reader that goes on from position to position', () => {
  it('sees each change once, whatever the order in which transactions begin, write and end', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { read, expected } = readAll(seed);
      expect([seed, read.toSorted(byValue)]).toEqual([seed, expected.toSorted(byValue)]);
    }
  });

  it('never counts a transaction as seen that is later than the last that committed a change', () => {
    const position = startAt({ end: 50n, running: [] }, { transaction: 10n, id: 1n });
    expect(toSnapshotText(position)).toBe('11:11:');
  });
});

function byValue(a: bigint, b: bigint): number {
  return Number(a - b);
}

describe('a position', () => {
  it.each([
    '',
    'x',
    '12',
    'dddddddd/11:/10.1',
    'dddddddd/11:/11.1/5',
    'dddddddd/11:10/10.1/5',
    'dddddddd/11:7,5/10.1/5',
    'dddddddd/11:12/10.1/5',
    "dddddddd/11:/10.1/5'; DROP TABLE run",
    `dddddddd/11:/10.${'1'.repeat(40)}/5`,
  ])('is not %j', (text) => {
    expect(() => parsePosition(text)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it('reads as it was written', () => {
    const position = { end: 11n, missing: [5n, 7n], last: 10n, lastId: 3n };
    const given = { position, database: 'dddddddd', givenAt: 5 };
    expect(parsePosition(formatPosition(given))).toEqual(given);
  });
});
