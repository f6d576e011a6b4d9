/** Levels of hclog. */
export type PluginLogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** A line of a plugin's standard error, understood as far as possible. */
export interface PluginLogLine {
  readonly level: PluginLogLevel;
  readonly message: string;
  /** Everything else the line holds, its module and timestamp included. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const levels: ReadonlyMap<string, PluginLogLevel> = new Map(
  (['trace', 'debug', 'info', 'warn', 'error'] as const).map((level) => [level, level]),
);

/** Never throws: what is no hclog line is a message at the level of its prefix (`[WARN] …`), or at debug. */
export function parsePluginLogLine(line: string): PluginLogLine {
  return parseJsonLine(line) ?? { level: levelOfPrefix(line), message: line, fields: {} };
}

function parseJsonLine(line: string): PluginLogLine | undefined {
  const record = parseRecord(line);
  const level = levels.get(String(record?.['@level']));
  if (record === undefined || level === undefined) return undefined;
  const { '@level': _, '@message': message, '@module': module, '@timestamp': time, ...fields } = record;
  return {
    level,
    message: typeof message === 'string' ? message : (JSON.stringify(message) ?? ''),
    fields: {
      ...fields,
      ...(module !== undefined && { module }),
      ...(time !== undefined && { pluginTime: time }),
    },
  };
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function levelOfPrefix(line: string): PluginLogLevel {
  const prefix = /^\[([A-Z]+)\]/.exec(line)?.[1]?.toLowerCase();
  return levels.get(prefix ?? '') ?? 'debug';
}
