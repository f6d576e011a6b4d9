import { fstatSync, writeSync } from 'node:fs';

/** How much of the end of a log is kept beyond its limit. */
const TAIL_BYTES = 64 * 1024;

/**
 * Writes a log that does not grow beyond a limit: its beginning as it comes, then, when the output has ended, a note of what was
 * left out and the last 64 KiB. A disk that is full costs what is written meanwhile, and never stops the task.
 */
export class BoundedLog {
  readonly #fd: number;
  readonly #limit: number;
  #size: number;
  #lost = 0;
  #leftOut = 0;
  #tail: Buffer = Buffer.alloc(0);

  /** `limit` in bytes; `fd` is open for appending. */
  constructor(fd: number, limit: number) {
    this.#fd = fd;
    this.#limit = limit;
    this.#size = fstatSync(fd).size;
  }

  write(bytes: Uint8Array): void {
    const room = Math.max(0, this.#limit - this.#size);
    if (bytes.length <= room) return this.#append(bytes);
    if (room > 0) this.#append(bytes.subarray(0, room));
    this.#leaveOut(bytes.subarray(room));
  }

  /** Writes what was kept for the end. */
  end(): void {
    if (this.#leftOut > 0) {
      const omitted = this.#leftOut - this.#tail.length;
      if (omitted > 0) this.#append(Buffer.from(toNote(`${omitted} bytes left out: the log is full`)));
      this.#append(this.#tail);
    }
    this.#noteLoss();
  }

  #leaveOut(bytes: Uint8Array): void {
    if (this.#leftOut === 0) {
      this.#append(
        Buffer.from(
          toNote(
            `the log is full at ${this.#limit} bytes: from here on only the end is kept, and written last`,
          ),
        ),
      );
    }
    this.#leftOut += bytes.length;
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  }

  #append(bytes: Uint8Array): void {
    if (this.#lost > 0 && bytes.length > 0) this.#noteLoss();
    if (!this.#tryWrite(bytes)) return;
    this.#size += bytes.length;
  }

  #noteLoss(): void {
    if (this.#lost === 0) return;
    const note = Buffer.from(toNote(`${this.#lost} bytes lost: the log could not be written`));
    if (this.#tryWrite(note)) this.#lost = 0;
  }

  #tryWrite(bytes: Uint8Array): boolean {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
      return true;
    } catch {
      this.#lost += bytes.length - written;
      return false;
    }
  }
}

/** A line of ours among those of the task. */
export function toNote(text: string): string {
  return `\n[optimus] ${text}\n`;
}
