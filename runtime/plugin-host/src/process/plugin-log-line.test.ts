import { expect, test } from 'vitest';
import { parsePluginLogLine } from './plugin-log-line.ts';

test('keeps level, message and fields of hclog', () => {
  const line =
    '{"@level":"warn","@message":"slow","@module":"bq","@timestamp":"2026-01-02T03:04:05.678901Z","job":"a"}';
  expect(parsePluginLogLine(line)).toEqual({
    level: 'warn',
    message: 'slow',
    fields: { module: 'bq', pluginTime: '2026-01-02T03:04:05.678901Z', job: 'a' },
  });
});

test.each([
  ['{"@level":"info","@message":"x"}', 'info', 'x'],
  ['{"@level":"info","@message":5}', 'info', '5'],
  ['{"@level":"info"}', 'info', ''],
  ['{"@level":"all","@message":"x"}', 'debug', '{"@level":"all","@message":"x"}'],
  ['{"@level":5,"@message":"x"}', 'debug', '{"@level":5,"@message":"x"}'],
  ['{"message":"x"}', 'debug', '{"message":"x"}'],
  ['{broken', 'debug', '{broken'],
  ['["a"]', 'debug', '["a"]'],
  ['[ERROR] it broke', 'error', '[ERROR] it broke'],
  ['[TRACE] step', 'trace', '[TRACE] step'],
  ['[LOUD] step', 'debug', '[LOUD] step'],
  ['panic: nil pointer', 'debug', 'panic: nil pointer'],
])('reads %j at %s', (line, level, message) => {
  expect(parsePluginLogLine(line)).toMatchObject({ level, message });
});
