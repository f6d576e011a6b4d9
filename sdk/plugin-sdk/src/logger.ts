/** Levels as hclog names them. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, unknown>>;

type LogMethod = (message: string, fields?: LogFields) => void;

/** Writes structured lines that the host forwards to its own log, with level and fields. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

/** A logger that writes hclog's JSON lines, `module` being its name in the host's log. */
export function createLogger(module: string, writeLine: (line: string) => void): Logger {
  const at =
    (level: LogLevel): LogMethod =>
    (message, fields) =>
      writeLine(formatLogLine({ level, message, module, fields: fields ?? {}, now: new Date() }));
  return Object.freeze({
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  });
}

export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly module: string;
  readonly fields: LogFields;
  readonly now: Date;
}

/** One line of hclog JSON, newline included. Never throws. */
export function formatLogLine(record: LogRecord): string {
  const fields = Object.entries(record.fields).filter(([key]) => !key.startsWith('@'));
  const line = {
    '@level': record.level,
    '@message': record.message,
    '@module': record.module,
    '@timestamp': formatTimestamp(record.now),
    ...Object.fromEntries(fields.map(([key, value]) => [key, toLoggable(value)])),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Go hosts parse exactly six digits of fraction; with JavaScript's three every line falls to DEBUG. */
function formatTimestamp(now: Date): string {
  return now.toISOString().replace('Z', '000Z');
}

function toLoggable(value: unknown): unknown {
  if (value instanceof Error) return value.message;
  try {
    return JSON.stringify(value) === undefined ? String(value) : value;
  } catch {
    return String(value);
  }
}
