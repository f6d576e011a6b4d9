import { expect, test } from 'vitest';
import { createLogger, formatLogLine } from './logger.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const record = { level: 'info', message: 'hello', module: 'neo', fields: {}, now } as const;

test('writes six digits of a second, without which Go hosts drop the level', () => {
  expect(JSON.parse(formatLogLine(record))['@timestamp']).toBe('2026-01-02T03:04:05.678000Z');
});

test('writes one line, whatever the message holds', () => {
  const line = formatLogLine({ ...record, message: 'two\nlines' });
  expect(line.trimEnd()).not.toContain('\n');
  expect(JSON.parse(line)['@message']).toBe('two\nlines');
});

test('keeps fields and the text of errors', () => {
  const fields = { job: 'a', tries: 2, cause: new Error('refused'), size: 5n };
  expect(JSON.parse(formatLogLine({ ...record, fields }))).toMatchObject({
    job: 'a',
    tries: 2,
    cause: 'refused',
    size: '5',
  });
});

test('a field cannot take the place of the level, nor break the line', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const parsed = JSON.parse(formatLogLine({ ...record, fields: { '@level': 'error', circular } }));
  expect(parsed).toMatchObject({ '@level': 'info', circular: '[object Object]' });
});

test.each(['trace', 'debug', 'info', 'warn', 'error'] as const)('%s writes at its own level', (level) => {
  const lines: string[] = [];
  createLogger('neo', (line) => lines.push(line))[level]('hello', { a: 1 });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ '@level': level, '@module': 'neo', a: 1 }]);
});
