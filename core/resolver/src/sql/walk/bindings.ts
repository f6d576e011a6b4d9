/** Names that hold from where they are defined until their block ends. */
export class Bindings {
  readonly #counts = new Map<string, number>();
  readonly #log: string[] = [];

  define(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#log.push(name);
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  /** What {@link restore} takes to forget everything that is defined from now on. */
  mark(): number {
    return this.#log.length;
  }

  restore(mark: number): void {
    while (this.#log.length > mark) {
      const name = this.#log.pop() ?? '';
      this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
    }
  }
}
