import { styleText } from 'node:util';
import type { DestinationStream } from 'pino';

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  debug: 'gray',
  info: 'cyan',
  warn: 'yellow',
  error: 'red',
};

/** Turns lines of JSON into lines for people: `12:00:00.000 INFO  message  key=value`. */
export function createReadableLines(output: { write(text: string): unknown }): DestinationStream {
  return { write: (line) => void output.write(toReadable(line)) };
}

function toReadable(line: string): string {
  const { level, time, msg, pid: _pid, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const label = String(level);
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${toText(value)}`);
  const clock = styleText('gray', String(time).slice(11, 23));
  const head = styleText(STYLES[label] ?? 'reset', label.toUpperCase().padEnd(5));
  return `${[clock, head, String(msg), styleText('gray', shown.join(' '))].join(' ').trimEnd()}\n`;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n${String(value.stack)}`;
  return JSON.stringify(value);
}
