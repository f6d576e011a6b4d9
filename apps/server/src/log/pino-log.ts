import type { Log } from '@optimus/domain';
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from '../config/server-config.ts';
import { createReadableLines } from './readable-lines.ts';

/** How the log is written. */
export interface PinoLogOptions {
  readonly level: LogLevel;
  /** Default: standard error, as JSON, or readable when it is a terminal. */
  readonly stream?: DestinationStream;
}

/** The log of the server. */
export function createPinoLog({ level, stream = createStandardError() }: PinoLogOptions): Log {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: toErrorFields, err: toErrorFields, cause: toErrorFields },
  };
  return new PinoLog(pino(options, stream));
}

/** Written at once: the last words before a crash are those that matter. */
function createStandardError(): DestinationStream {
  return process.stderr.isTTY
    ? createReadableLines({ write: (text) => process.stderr.write(text) })
    : destination({ fd: 2, sync: true });
}

function toErrorFields(value: unknown): unknown {
  return value instanceof Error ? stdSerializers.errWithCause(value) : value;
}

class PinoLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.debug(fields, message);
  }

  info(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.info(fields, message);
  }

  warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.warn(fields, message);
  }

  error(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.error(fields, message);
  }

  child(fields: Readonly<Record<string, unknown>>): Log {
    return new PinoLog(this.#logger.child(fields));
  }
}
