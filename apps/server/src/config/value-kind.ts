import { toSuggestion } from '@optimus/domain';
import type { CommandLine, LogLevel } from './server-config.ts';

/** What a key's value turned out to be: the value, or what is wrong with it. */
export type ReadValue<T> = { readonly value: T } | { readonly problem: string };

/** A kind of value: how it is checked, and how it is written in an environment variable. */
export interface ValueKind<T> {
  /** Checks a value from a file. */
  read(value: unknown): ReadValue<T>;
  /** The value that the text of an environment variable stands for, still to be checked. */
  fromText(text: string): unknown;
}

/** A text that is not empty. */
export const text: ValueKind<string> = {
  read: (value) => (isText(value) ? { value } : { problem: `${show(value)} is not a text` }),
  fromText: (value) => value,
};

/** Where an HTTP server is. Problems show no value: it may hold a password. */
export const address: ValueKind<string> = {
  read: (value) =>
    isText(value) && isOpenAddress(value)
      ? { value }
      : { problem: 'is not the address of an HTTP server without user and password' },
  fromText: (value) => value.trim(),
};

/** Logs and messages show the address. */
export function isOpenAddress(host: string): boolean {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** A whole number between the bounds, both included. */
export function integer(min: number, max: number): ValueKind<number> {
  return {
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? { value }
        : { problem: `${show(value)} is not a whole number from ${min} to ${max}` },
    fromText: (value) => (/^\d+$/.test(value.trim()) ? Number(value) : value),
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const DURATION = /^(?:\d+(?:h|ms|m|s))+$/;
const DURATION_PART = /(?<amount>\d+)(?<unit>h|ms|m|s)/g;

/** A duration such as `90s` or `1h30m`, or `0`, of at most a day; in milliseconds. */
export const duration: ValueKind<number> = {
  read(value) {
    const ms = value === 0 || value === '0' ? 0 : toMilliseconds(value);
    return ms === undefined || ms > 24 * 3_600_000
      ? { problem: `${show(value)} is not a duration of at most a day, such as 90s or 1h30m` }
      : { value: ms };
  },
  fromText: (value) => value.trim(),
};

const SPAN_UNITS_MS: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, ...UNITS_MS };
const SPAN = /^(?:\d{1,6}(?:w|d|h|ms|m|s))+$/;
const SPAN_PART = /(?<amount>\d+)(?<unit>w|d|h|ms|m|s)/g;

/** How long something stays, such as `90d` or `12h`; `0` or `off` keeps it for ever and is 0. In milliseconds. */
export const span: ValueKind<number> = {
  read(value) {
    if (value === 0 || value === '0' || value === 'off' || value === false) return { value: 0 };
    if (!isText(value) || !SPAN.test(value))
      return { problem: `${show(value)} is not a time such as 90d, 2w or 12h, nor off` };
    return { value: sumUp(value.matchAll(SPAN_PART), SPAN_UNITS_MS) };
  },
  fromText: (value) => value.trim(),
};

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
};

/** A log level in any case; `WARNING` is `warn`. */
export const level: ValueKind<LogLevel> = {
  read(value) {
    const name = String(value).toLowerCase();
    const found = LEVELS[name];
    if (found) return { value: found };
    const suggestion = toSuggestion(name, Object.keys(LEVELS));
    return { problem: `${show(value)} is not debug, info, warn or error${suggestion}` };
  },
  fromText: (value) => value,
};

/** One of the words. */
export function choice<T extends string>(...words: readonly T[]): ValueKind<T> {
  return {
    read(value) {
      const found = words.find((word) => word === value);
      if (found !== undefined) return { value: found };
      const suggestion = toSuggestion(String(value), words);
      return { problem: `${show(value)} is not ${words.join(', ')}${suggestion}` };
    },
    fromText: (value) => value.trim(),
  };
}

/** A list of texts; in the environment `a,b` or a JSON list. */
export const texts: ValueKind<readonly string[]> = {
  read: (value) =>
    Array.isArray(value) && value.every(isText)
      ? { value }
      : { problem: `${show(value)} is not a list of texts` },
  fromText: (value) => (value.trim().startsWith('[') ? parseJson(value) : splitList(value)),
};

/** Names and command lines; in the environment `name=command line,…` or a JSON object. */
export const commandLines: ValueKind<Readonly<Record<string, CommandLine>>> = {
  read(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { problem: `${show(value)} is not a map of images to command lines` };
    const entries = Object.entries(value).map(([image, line]) => [image, toCommandLine(line)] as const);
    const wrong = entries.find(([, line]) => line === undefined);
    if (wrong) return { problem: `the command line of "${wrong[0]}" is not a text or a list of texts` };
    return { value: Object.fromEntries(entries.map(([image, line]) => [image, line ?? []])) };
  },
  fromText: (value) =>
    value.trim().startsWith('{')
      ? parseJson(value)
      : Object.fromEntries(splitList(value).map((entry) => splitEntry(entry))),
};

/** Yes or no. */
export const flag: ValueKind<boolean> = {
  read: (value) =>
    typeof value === 'boolean' ? { value } : { problem: `${show(value)} is neither true nor false` },
  fromText: (value) => ({ true: true, false: false })[value.trim().toLowerCase()] ?? value,
};

const SHA_256 = /^[\da-f]{64}$/i;

/** File names and the SHA-256 of each; in the environment `name=hex,…` or a JSON object. */
export const checksums: ValueKind<Readonly<Record<string, string>>> = {
  read(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { problem: `${show(value)} is not a map of file names to SHA-256 sums` };
    const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
    const sums = entries.flatMap(([file, sum]) =>
      typeof sum === 'string' && SHA_256.test(sum) ? [[file, sum] as const] : [],
    );
    const wrong = entries.find(([file]) => !sums.some(([name]) => name === file));
    if (wrong) return { problem: `the sum of "${wrong[0]}" is not a SHA-256 of 64 hexadecimal digits` };
    return { value: Object.fromEntries(sums) };
  },
  fromText: (value) =>
    value.trim().startsWith('{')
      ? parseJson(value)
      : Object.fromEntries(splitList(value).map((entry) => splitEntry(entry))),
};

function toMilliseconds(value: unknown): number | undefined {
  if (!isText(value) || !DURATION.test(value)) return undefined;
  return sumUp(value.matchAll(DURATION_PART), UNITS_MS);
}

function sumUp(parts: Iterable<RegExpExecArray>, unitsMs: Readonly<Record<string, number>>): number {
  return [...parts].reduce(
    (total, { groups }) => total + Number(groups?.['amount']) * (unitsMs[groups?.['unit'] ?? ''] ?? 0),
    0,
  );
}

const CREDENTIALS = /^[^:]+:./;

/** Registries and `user:password` of each; in the environment `name=user:password,…` or a JSON object. Problems show no value. */
export const credentials: ValueKind<Readonly<Record<string, string>>> = {
  read(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { problem: 'is not a map of registries to user:password' };
    const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
    const given = entries.flatMap(([registry, one]) =>
      typeof one === 'string' && CREDENTIALS.test(one) ? [[registry, one] as const] : [],
    );
    const wrong = entries.find(([registry]) => !given.some(([name]) => name === registry));
    if (wrong) return { problem: `what stands for "${wrong[0]}" is not user:password` };
    return { value: Object.fromEntries(given) };
  },
  fromText: (value) =>
    value.trim().startsWith('{')
      ? parseJson(value)
      : Object.fromEntries(splitList(value).map((entry) => splitEntry(entry))),
};

/** Names of HTTP headers to their values; in the environment `name=value,…` or a JSON object. Problems show no value. */
export const headers: ValueKind<Readonly<Record<string, string>>> = {
  read(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { problem: 'is not a map of headers to values' };
    const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
    const given = entries.flatMap(([name, one]) => (isText(one) ? [[name, one] as const] : []));
    if (given.length < entries.length) return { problem: 'has a header without a text' };
    return { value: Object.fromEntries(given) };
  },
  fromText: (value) => credentials.fromText(value),
};

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const WORD = /"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>\S+)/g;

/** A text is split at blanks; quotes keep a word with blanks together. */
function toCommandLine(line: unknown): CommandLine | undefined {
  if (Array.isArray(line)) return line.length > 0 && line.every(isText) ? line : undefined;
  if (!isText(line)) return undefined;
  return [...line.matchAll(WORD)].map(({ groups }) => groups?.double ?? groups?.single ?? groups?.bare ?? '');
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function splitEntry(entry: string): [string, string] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, ''] : [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A value as an error shows it: short, and its type to be seen. */
function show(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
