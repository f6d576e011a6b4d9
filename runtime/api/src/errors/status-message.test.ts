import { OptimusError, SILENT_LOG } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { toAbortedStatus, toCallStatus } from './call-status.ts';
import { toStatusJson, toStatusMessage } from './status-message.ts';

function toJson(error: unknown): unknown {
  return toStatusJson(toCallStatus(error, SILENT_LOG));
}

describe('an error for a client', () => {
  it('carries code, fields and hint', () => {
    const error = new OptimusError('JOB_NOT_FOUND', {
      message: 'no job',
      hint: 'deploy it',
      fields: { job: 'j' },
    });
    expect(toJson(error)).toEqual({
      code: 5,
      message: 'no job',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'JOB_NOT_FOUND',
          domain: 'optimus',
          metadata: { job: 'j' },
        },
        { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description: 'deploy it', url: '' }] },
      ],
    });
  });

  it('has no help when there is no hint', () => {
    expect(toJson(new OptimusError('CANCELLED', { message: 'left' }))).toMatchObject({
      details: [{ reason: 'CANCELLED' }],
    });
  });

  it.each([
    new TypeError('inner detail'),
    'inner detail',
    undefined,
    new OptimusError('DATABASE_FAILED', { message: 'inner detail' }),
  ])('tells nothing of %s but an id', (thrown) => {
    const text = JSON.stringify(toJson(thrown));
    expect(text).not.toContain('inner detail');
    expect(JSON.parse(text)).toMatchObject({
      code: 13,
      message: expect.stringMatching(/error id [0-9a-f-]{36}/),
    });
  });

  it('is cut to what a header holds, at whole characters', () => {
    const { message } = toStatusMessage(
      toCallStatus(new OptimusError('SPEC_INVALID', { message: '🚮'.repeat(5_000) }), SILENT_LOG),
    );
    expect(message).toHaveLength(4_001);
    expect(message.isWellFormed()).toBe(true);
  });

  it('says whether the client left or its deadline passed', () => {
    expect(toAbortedStatus(undefined)).toMatchObject({ name: 'CANCELLED', message: 'the client left' });
  });
});
