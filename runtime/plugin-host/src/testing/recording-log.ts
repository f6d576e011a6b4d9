import type { Log } from '@optimus/domain';

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps what it is told. */
export class RecordingLog implements Log {
  readonly entries: LogEntry[];
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(entries: LogEntry[] = [], fields: Readonly<Record<string, unknown>> = {}) {
    this.entries = entries;
    this.#fields = fields;
  }

  debug(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#add('debug', message, fields);
  }

  info(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#add('info', message, fields);
  }

  warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#add('warn', message, fields);
  }

  error(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#add('error', message, fields);
  }

  child(fields: Readonly<Record<string, unknown>>): Log {
    return new RecordingLog(this.entries, { ...this.#fields, ...fields });
  }

  #add(level: LogEntry['level'], message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.entries.push({ level, message, fields: { ...this.#fields, ...fields } });
  }
}
