import { stripVTControlCharacters } from 'node:util';
import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../config/server-config.ts';
import { createPinoLog } from './pino-log.ts';
import { createReadableLines } from './readable-lines.ts';

function record(level: LogLevel) {
  const lines: string[] = [];
  const log = createPinoLog({ level, stream: { write: (line) => void lines.push(line) } });
  return { log, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  it('writes a line of JSON an entry, with the fields of its parents', () => {
    const { log, read } = record('debug');
    log.child({ service: 'planner' }).info('planned', { runs: 3 });
    expect(read()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        pid: process.pid,
        service: 'planner',
        runs: 3,
        msg: 'planned',
      },
    ]);
  });

  it('leaves out what is below its level', () => {
    const { log, read } = record('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(read().map(({ msg }) => msg)).toEqual(['c', 'd']);
  });

  it('tells an error with its code, stack and cause', () => {
    const { log, read } = record('info');
    const error = new OptimusError('DATABASE_FAILED', { message: 'lost', cause: new TypeError('reset') });
    log.error('failed', { error });
    expect(read()[0]).toMatchObject({
      error: {
        code: 'DATABASE_FAILED',
        message: 'lost',
        stack: expect.stringContaining('pino-log.test'),
        cause: { message: 'reset' },
      },
    });
  });
});

describe('lines for people', () => {
  function show(fields: object): string {
    let text = '';
    const stream = createReadableLines({ write: (line) => (text += line) });
    stream.write(
      JSON.stringify({ level: 'warn', time: '2024-01-02T03:04:05.678Z', pid: 1, ...fields, msg: 'slow' }),
    );
    return stripVTControlCharacters(text);
  }

  it('show time, level, message and fields', () => {
    expect(show({ ms: 5, job: 'neo', what: 'two words', list: [1] })).toBe(
      '03:04:05.678 WARN  slow ms=5 job=neo what="two words" list=[1]\n',
    );
    expect(show({})).toBe('03:04:05.678 WARN  slow\n');
  });

  it('show the stack of an error on lines of its own', () => {
    expect(show({ error: { message: 'm', stack: 'Error: m\n    at here' } })).toMatch(
      /error=\nError: m\n {4}at here\n$/,
    );
  });
});
