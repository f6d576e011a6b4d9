/** A time in which a server could not reach the database, or did not live; of this machine, in ms. */
export interface CutOff {
  /** The server's data directory. */
  readonly home: string;
  readonly from: number;
  /** Infinity while it lasts. */
  readonly to: number;
}

/** Keeps account of which server was cut off when. */
export class CutOffs {
  readonly #all: { home: string; from: number; to: number }[] = [];

  begin(home: string): void {
    this.#all.push({ home, from: Date.now(), to: Number.POSITIVE_INFINITY });
  }

  /** Ends whatever cuts the server off. */
  end(home: string): void {
    for (const one of this.#all) {
      if (one.home === home && one.to === Number.POSITIVE_INFINITY) one.to = Date.now();
    }
  }

  get all(): readonly CutOff[] {
    return this.#all;
  }
}
