/** Which of the two standard streams a chunk was written to. */
export type OutputChannel = 'stdout' | 'stderr';

export interface OutputChunk {
  readonly channel: OutputChannel;
  readonly data: Uint8Array;
}

/** Where chunks go. When `write` returns false nothing follows until the relay's `resume` is called. */
export interface OutputSink {
  readonly write: (chunk: OutputChunk) => boolean;
  readonly end: () => void;
}

/**
 * Holds what the plugin prints until the host reads it. Bounded: the oldest chunks are dropped, since a host that
 * never reads must not be able to block the plugin.
 */
export class OutputRelay {
  readonly #limitBytes: number;
  readonly #waiting: OutputChunk[] = [];
  #waitingBytes = 0;
  #droppedBytes = 0;
  #sink: OutputSink | undefined;
  #paused = false;
  #ended = false;

  constructor(limitBytes = 1024 * 1024) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes that no reader ever saw. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  push(chunk: OutputChunk): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.data.byteLength;
    this.#flush();
    while (this.#waitingBytes > this.#limitBytes) this.#droppedBytes += this.#take();
  }

  /** Makes `sink` the reader. There is one reader at a time; a second replaces the first, which is ended. */
  attach(sink: OutputSink): void {
    this.#sink?.end();
    this.#sink = sink;
    this.resume();
    if (this.#ended) sink.end();
  }

  detach(sink: OutputSink): void {
    if (this.#sink === sink) this.#sink = undefined;
  }

  /** The reader can take more. */
  resume(): void {
    this.#paused = false;
    this.#flush();
  }

  /** Ends the reader's stream, now and when one attaches later. */
  end(): void {
    this.#ended = true;
    this.#sink?.end();
  }

  #flush(): void {
    const sink = this.#sink;
    let chunk = this.#waiting[0];
    while (sink !== undefined && chunk !== undefined && !this.#paused) {
      this.#paused = !sink.write(chunk);
      this.#take();
      chunk = this.#waiting[0];
    }
  }

  #take(): number {
    const bytes = this.#waiting.shift()?.data.byteLength ?? 0;
    this.#waitingBytes -= bytes;
    return bytes;
  }
}
