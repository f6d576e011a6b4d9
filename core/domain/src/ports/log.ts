/** A structured log. Fields never hold secret values. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A log that adds the fields to each entry. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

/** A log that drops everything: for tests and commands. */
export const SILENT_LOG: Log = Object.freeze({
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => SILENT_LOG,
});
