import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { createUsageError } from '../command-line/usage-error.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { reportFailure } from './report-failure.ts';

function report(thrown: unknown) {
  const terminal = captureTerminal();
  const code = reportFailure(thrown, terminal);
  return { code, text: terminal.noted.join('\n'), printed: terminal.printed };
}

describe('a failure', () => {
  it('is told with its cause and the next step, on stderr alone', () => {
    const cause = new TypeError('the disk is full', { cause: new RangeError('no space') });
    const error = new OptimusError('CONFIG_INVALID', { message: 'cannot write x', hint: 'make room', cause });
    expect(report(error)).toEqual({
      code: 1,
      text: 'Error: cannot write x\n  cause the disk is full\n  cause no space\n  → make room',
      printed: [],
    });
  });

  it('does not repeat a cause that it already tells', () => {
    const error = new OptimusError('CONFIG_INVALID', {
      message: 'cannot write x: the disk is full',
      cause: new TypeError('the disk is full'),
    });
    expect(report(error).text).toBe('Error: cannot write x: the disk is full');
  });

  it('of many lines is indented below its first', () => {
    const error = new OptimusError('SPEC_INVALID', { message: '2 problems\na.yaml:1:1 x\nb.yaml:2:2 y' });
    expect(report(error).text).toBe('Error: 2 problems\n  a.yaml:1:1 x\n  b.yaml:2:2 y');
  });

  it('that nobody foresaw is told too', () => {
    expect(report(new TypeError('surprise'))).toMatchObject({ code: 1, text: 'Error: surprise' });
    expect(report('just a text')).toMatchObject({ code: 1, text: 'Error: just a text' });
  });
});

describe('the exit code', () => {
  it('tells a wrong call from a failure, and both from a cancellation', () => {
    expect(report(createUsageError('host', 'is not given')).code).toBe(2);
    expect(report(new OptimusError('REQUEST_INVALID', { message: 'the server says no' })).code).toBe(1);
    expect(report(new OptimusError('CANCELLED', { message: 'never mind' })).code).toBe(130);
  });
});
