import { status } from '@grpc/grpc-js';
import { OptimusError } from '@optimus/domain';
import { expect, test } from 'vitest';
import { isServiceError, isStatus, toCallFailure } from './call-failure.ts';

const call = { plugin: { name: 'neo', path: '/plugins/neo' }, method: 'GetQuestions', timeoutMs: 1500 };

function createServiceError(code: status, details: string) {
  return Object.assign(new Error(`${code} ${details}`), { code, details });
}

test.each([
  [status.UNKNOWN, 'PLUGIN_REFUSED', 'plugin neo (/plugins/neo): the text'],
  [status.INVALID_ARGUMENT, 'PLUGIN_REFUSED', 'plugin neo (/plugins/neo): the text'],
  [
    status.DEADLINE_EXCEEDED,
    'PLUGIN_TIMEOUT',
    'plugin neo (/plugins/neo): did not answer GetQuestions within 1.5 s',
  ],
  [status.UNIMPLEMENTED, 'PLUGIN_UNUSABLE', 'declares "base" but does not serve it: GetQuestions: the text'],
  [status.RESOURCE_EXHAUSTED, 'MESSAGE_TOO_LARGE', 'cannot take the request of GetQuestions: the text'],
  [status.CANCELLED, 'CANCELLED', 'GetQuestions was cancelled'],
])('status %i is %s', (code, expected, message) => {
  const failure = toCallFailure(createServiceError(code, 'the text'), call);
  expect(failure.code).toBe(expected);
  expect(failure.message).toContain(message);
  expect(failure.fields).toEqual({ plugin: 'neo', path: '/plugins/neo' });
});

test('an error of ours passes as it is', () => {
  const own = new OptimusError('PLUGIN_CRASHED', { message: 'gone' });
  expect(toCallFailure(own, call)).toBe(own);
});

test('anything else is what the plugin said', () => {
  expect(toCallFailure(new Error('odd'), call).message).toBe('plugin neo (/plugins/neo): odd');
  expect(toCallFailure('odd', call).message).toBe('plugin neo (/plugins/neo): odd');
});

test('an error of the system is no status, although it has a code', () => {
  expect(isServiceError(Object.assign(new Error('x'), { code: 'ENOENT', details: 'x' }))).toBe(false);
  expect(isStatus(createServiceError(status.UNAVAILABLE, ''), status.UNAVAILABLE)).toBe(true);
});
