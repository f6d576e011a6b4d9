import { create } from '@bufbuild/protobuf';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toRunRow } from './run-row.ts';

function messageOf(message: string, ...attempts: readonly string[]): string {
  const instance = { name: 'neo', attempts: attempts.map((text) => ({ message: text })) };
  return toRunRow(create(core.RunDetailSchema, { message, instances: [instance] })).message;
}

describe('the message of a run', () => {
  it('tells what was missing, also when the run succeeded', () => {
    expect(messageOf('', 'first try', 'KEY has no value')).toBe('KEY has no value');
  });

  it('says nothing twice', () => {
    expect(messageOf('exited with code 1', 'exited with code 1')).toBe('exited with code 1');
    expect(messageOf('exited with code 1', 'exited with code 1; KEY has no value')).toBe(
      'exited with code 1; KEY has no value',
    );
  });

  it('is empty when there is nothing to say', () => {
    expect(messageOf('', '')).toBe('');
    expect(messageOf('')).toBe('');
  });
});
