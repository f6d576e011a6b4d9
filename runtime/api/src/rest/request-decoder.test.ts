import type { DescMethod, JsonValue } from '@bufbuild/protobuf';
import { toJson } from '@bufbuild/protobuf';
import { core, listHttpBindings } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { decodeRequest } from './request-decoder.ts';

const { getJobRuns, jobRun, registerInstance, getJobRunLog } = core.JobRunService.method;
const { createJobSpecification } = core.JobSpecificationService.method;
const { registerJobEvent } = core.RuntimeService.method;

interface Parts {
  readonly path?: readonly string[];
  readonly query?: string;
  readonly body?: JsonValue;
}

function decode(desc: DescMethod, { path = [], query = '', body }: Parts): unknown {
  const [binding] = listHttpBindings(desc);
  if (!binding) throw new TypeError(`${desc.name} has no binding`);
  const route = { method: { desc, access: 'token' as const, handle: () => Promise.resolve() }, binding };
  const message = decodeRequest(route, { body, pathValues: path, query: new URLSearchParams(query) });
  return toJson(desc.input, message);
}

describe('a request in the path', () => {
  it('is URL-decoded', () => {
    expect(decode(jobRun, { path: ['a%20b', '%C3%BC.%2F'] })).toEqual({ projectName: 'a b', jobName: 'ü./' });
  });

  it('wins over the same field in the body, in either spelling', () => {
    for (const field of ['project_name', 'projectName']) {
      const body = { [field]: 'other', instance_name: 'neo' };
      expect(decode(registerInstance, { path: ['p', 'j'], body })).toEqual({
        projectName: 'p',
        jobName: 'j',
        instanceName: 'neo',
      });
    }
  });

  it('is refused when it is not URL-encoded', () => {
    expect(() => decode(jobRun, { path: ['%zz', 'j'] })).toThrow(/"%zz" is not URL-encoded/);
  });
});

describe('a request in the query', () => {
  it('takes names in snake_case and camelCase, repeated, and ignores unknown ones', () => {
    const query = 'page_size=7&pageToken=t&state=success&state=failed&nonsense=1&since=2024-01-01T00:00:00Z';
    expect(decode(getJobRuns, { path: ['p', 'j'], query })).toEqual({
      projectName: 'p',
      jobName: 'j',
      pageSize: 7,
      pageToken: 't',
      state: ['success', 'failed'],
      since: '2024-01-01T00:00:00Z',
    });
  });

  it.each([
    ['true', true],
    ['1', true],
    ['T', true],
    ['false', undefined],
    ['0', undefined],
  ])('reads the truth of %s', (text, expected) => {
    expect(decode(getJobRunLog, { path: ['p', 'j'], query: `follow=${text}` })).toMatchObject(
      expected === undefined ? {} : { follow: expected },
    );
  });

  it('keeps plus signs and encoded ones apart, as forms do', () => {
    expect(decode(getJobRunLog, { path: ['p', 'j'], query: 'instance_name=a+b%2Bc' })).toMatchObject({
      instanceName: 'a b+c',
    });
  });

  it.each([
    ['follow=maybe', /follow is "maybe", must be true or false/],
    ['attempt=1&attempt=2', /attempt is given 2 times/],
    ['attempt=one', /attempt/],
    ['scheduled_at=yesterday', /scheduled_at/],
  ])('refuses %s with the name of the field', (query, message) => {
    expect(() => decode(getJobRunLog, { path: ['p', 'j'], query })).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('has no say in a call whose body is the whole message', () => {
    const request = { path: ['p', 'j'], query: 'instance_name=hook', body: { instance_name: 'neo' } };
    expect(decode(registerInstance, request)).toMatchObject({ instanceName: 'neo' });
  });
});

describe('a request in the body', () => {
  it.each(['TASK', 'TYPE_TASK', 'task', 1, '1'])('takes the enum value %j', (value) => {
    expect(decode(registerInstance, { path: ['p', 'j'], body: { instance_type: value } })).toMatchObject({
      instanceType: 'TYPE_TASK',
    });
  });

  it('refuses an enum value that does not exist, with the nearest that does', () => {
    expect(() => decode(registerInstance, { path: ['p', 'j'], body: { instance_type: 'TAKS' } })).toThrow(
      /instance_type has no value "TAKS"/,
    );
  });

  it('finds enums inside lists of messages', () => {
    const spec = {
      behavior: { notify: [{ on: 'failure', channels: ['slack://#a'] }, { on: 'TYPE_SLA_MISS' }] },
    };
    expect(decode(createJobSpecification, { path: ['p', 'n'], body: { spec } })).toMatchObject({
      spec: { behavior: { notify: [{ on: 'TYPE_FAILURE' }, { on: 'TYPE_SLA_MISS' }] } },
    });
  });

  it('takes durations, structs and nested messages, and ignores unknown fields', () => {
    const spec = { behavior: { retry: { count: 2, delay: '90.5s' } }, future_field: { a: 1 } };
    expect(decode(createJobSpecification, { path: ['p', 'n'], body: { spec, other: 1 } })).toMatchObject({
      spec: { behavior: { retry: { count: 2, delay: '90.500s' } } },
    });
    const event = { type: 'SUCCESS', value: { any: ['thing', 1, null, { type: 'SUCCESS' }] } };
    expect(decode(registerJobEvent, { path: ['p', 'n', 'j'], body: { event } })).toMatchObject({
      event: { type: 'TYPE_SUCCESS', value: { any: ['thing', 1, null, { type: 'SUCCESS' }] } },
    });
  });

  it('may be missing, or hold null for what is not given', () => {
    expect(decode(registerInstance, { path: ['p', 'j'] })).toEqual({ projectName: 'p', jobName: 'j' });
    expect(decode(registerInstance, { path: ['p', 'j'], body: { scheduled_at: null } })).toMatchObject({
      projectName: 'p',
    });
  });

  it.each([[[]], ['text'], [1], [null]])('refuses %j, which is no object', (body) => {
    expect(() => decode(registerInstance, { path: ['p', 'j'], body })).toThrow(/not a JSON object/);
  });

  it.each([
    [{ scheduled_at: '2024-13-01T00:00:00Z' }, /scheduled_at/],
    [{ instance_name: 5 }, /instance_name/],
    [{ instance_type: { a: 1 } }, /instance_type/],
    [{ instance_type: [] }, /: instance_type: /],
  ])('refuses %j with the name of the field', (body, message) => {
    expect(() => decode(registerInstance, { path: ['p', 'j'], body })).toThrow(message);
  });

  it('names the field that is wrong however deep it lies', () => {
    const spec = { hooks: [{ name: 'ok' }, { config: [{ name: 'A', value: 1 }] }] };
    expect(() => decode(createJobSpecification, { path: ['p', 'n'], body: { spec } })).toThrow(
      /: spec\.hooks\[1\]\.config\[0\]\.value: /,
    );
  });

  it('refuses nesting that would exhaust the stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as JsonValue;
    expect(() =>
      decode(registerJobEvent, { path: ['p', 'n', 'j'], body: { event: { value: deep } } }),
    ).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it('does not touch the prototype of anything', () => {
    const body = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as JsonValue;
    decode(registerInstance, { path: ['p', 'j'], body });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
