import { OptimusError } from '@optimus/domain';

/** How much one rendering may do before it is stopped. */
export interface TemplateLimits {
  /** Characters written over all files of a set, and characters of any one value. */
  readonly maxLength: number;
  /** Passes through `range` bodies. */
  readonly maxIterations: number;
  /** `template` calls inside each other. */
  readonly maxDepth: number;
  /** Statements, calls and printed items: bounds time without reading a clock, so equal inputs have equal outcomes. */
  readonly maxSteps: number;
  /** Items of any one list. */
  readonly maxItems: number;
  /** Memory of all values that are made, also of those that nothing refers to any more. */
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: TemplateLimits = {
  maxLength: 16 * 1024 * 1024,
  maxIterations: 1_000_000,
  maxDepth: 100,
  maxSteps: 5_000_000,
  maxItems: 1_000_000,
  maxBytes: 256 * 1024 * 1024,
};

/** Characters or items that are copied in about the time of one step. */
const SIZE_PER_STEP = 16;

/** What an item of a list takes: its place and, mostly, a small value. */
const BYTES_PER_ITEM = 32;

/** Counts one rendering's work against its limits. Every method throws `TEMPLATE_TOO_LARGE` when a limit is passed. */
export class Budget {
  readonly #limits: TemplateLimits;
  #written = 0;
  #iterations = 0;
  #depth = 0;
  #steps = 0;
  #bytes = 0;

  /** The one reading of the clock that a rendering has: the run's execution time. Undefined: there is no clock. */
  readonly now: Date | undefined;

  constructor(limits: TemplateLimits, now?: Date) {
    this.#limits = limits;
    this.now = now;
  }

  countStep(): void {
    this.countSteps(1);
  }

  /** Charges work over `size` characters or items, of which many make a step. */
  countWork(size: number): void {
    if (size >= SIZE_PER_STEP) this.countSteps(Math.floor(size / SIZE_PER_STEP));
  }

  countSteps(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= this.#limits.maxSteps) return;
    throw exhausted(
      `the template takes more than ${this.#limits.maxSteps} steps`,
      'look for templates that call each other',
    );
  }

  countIteration(): void {
    if (++this.#iterations <= this.#limits.maxIterations) return;
    throw exhausted(`loops run more than ${this.#limits.maxIterations} times`, 'range over fewer items');
  }

  countOutput(length: number): void {
    this.#written += length;
    if (this.#written <= this.#limits.maxLength) return;
    throw exhausted(
      `the output is longer than ${this.#limits.maxLength} characters`,
      'write less, or split the asset',
    );
  }

  /** Checks the length of a value before it is built. */
  checkLength(length: number): void {
    if (length <= this.#limits.maxLength) return;
    throw exhausted(
      `a value is longer than ${this.#limits.maxLength} characters`,
      'build it in smaller pieces',
    );
  }

  /** Checks the length of a list before it is built. */
  checkItems(count: number): void {
    if (count <= this.#limits.maxItems) return;
    throw exhausted(`a list has more than ${this.#limits.maxItems} items`, 'use shorter lists');
  }

  /** Charges a list that was made. */
  countItems(count: number): void {
    this.checkItems(count);
    this.countBytes(BYTES_PER_ITEM * count);
  }

  /** Charges memory that was taken, or is about to be. */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.maxBytes) return;
    const mebibytes = Math.floor(this.#limits.maxBytes / 1024 / 1024);
    throw exhausted(
      `the values that the template makes take more than ${mebibytes} MiB`,
      'make fewer and smaller values',
    );
  }

  enterTemplate(): void {
    if (++this.#depth <= this.#limits.maxDepth) return;
    throw exhausted(
      `templates call each other more than ${this.#limits.maxDepth} levels deep`,
      'end the recursion',
    );
  }

  leaveTemplate(): void {
    this.#depth--;
  }
}

function exhausted(message: string, hint: string): OptimusError {
  return new OptimusError('TEMPLATE_TOO_LARGE', { message, hint });
}
