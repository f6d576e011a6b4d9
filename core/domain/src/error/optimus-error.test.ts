import { expect, it } from 'vitest';
import { invariant, present } from './invariant.ts';
import { OptimusError, toErrorMessage } from './optimus-error.ts';

it('takes its kind from its code and keeps the cause', () => {
  const cause = new RangeError('deep');
  const error = new OptimusError('JOB_NOT_FOUND', {
    message: 'no job',
    hint: 'deploy it',
    fields: { job: 'j' },
    cause,
  });
  expect(error).toMatchObject({
    kind: 'not_found',
    code: 'JOB_NOT_FOUND',
    hint: 'deploy it',
    fields: { job: 'j' },
    cause,
  });
  expect(new OptimusError('INVARIANT_BROKEN', { message: 'm' })).not.toHaveProperty('cause');
});

it('reads the message of anything thrown', () => {
  expect([new TypeError('a'), 'b', undefined].map(toErrorMessage)).toEqual(['a', 'b', 'undefined']);
});

it('calls a broken guarantee of ours by its name', () => {
  expect(() => invariant(false, 'runs are sorted')).toThrow(
    expect.objectContaining({ code: 'INVARIANT_BROKEN' }),
  );
  expect(() => present(undefined, 'the cursor')).toThrow('the cursor is missing');
  expect(present(0, 'zero')).toBe(0);
});
