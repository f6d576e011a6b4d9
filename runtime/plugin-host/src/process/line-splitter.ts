const newline = 0x0a;

/** Cuts a byte stream into lines. A line beyond the limit is handed out in pieces, so that memory stays bounded. */
export class LineSplitter {
  readonly #limitBytes: number;
  readonly #onLine: (line: string) => void;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes: number, onLine: (line: string) => void) {
    this.#limitBytes = limitBytes;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      this.#add(rest.subarray(0, end));
      this.flush();
      rest = rest.subarray(end + 1);
    }
    if (rest.byteLength > 0) this.#add(rest);
  }

  /** Hands out what is left, at the end of the stream. */
  flush(): void {
    if (this.#bytes === 0) return;
    const line = Buffer.concat(this.#parts).toString('utf8').replace(/\r$/, '');
    this.#parts = [];
    this.#bytes = 0;
    if (line !== '') this.#onLine(line);
  }

  #add(part: Buffer): void {
    this.#parts.push(part);
    this.#bytes += part.byteLength;
    if (this.#bytes > this.#limitBytes) this.flush();
  }
}
