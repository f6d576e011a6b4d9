import { type DescMessage, fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { applyQuery } from './query-parameters.ts';

function read(desc: DescMessage, query: string): unknown {
  const json: JsonObject = {};
  applyQuery(json, desc, new URLSearchParams(query));
  return toJson(desc, fromJson(desc, json));
}

describe('query parameters', () => {
  it('fill nested messages, each name in either spelling', () => {
    const query =
      'projectName=p&spec.task_name=neo&spec.windowSize=24h&spec.behavior.retry.count=3&spec.behavior.retry.delay=5s';
    expect(read(core.CreateJobSpecificationRequestSchema, query)).toEqual({
      projectName: 'p',
      spec: { taskName: 'neo', windowSize: '24h', behavior: { retry: { count: 3, delay: '5s' } } },
    });
  });

  it('take an enum by name, without prefix, or by number', () => {
    for (const value of ['TYPE_HOOK', 'hook', '2'])
      expect(read(core.RegisterInstanceRequestSchema, `instance_type=${value}`)).toEqual({
        instanceType: 'TYPE_HOOK',
      });
  });

  it('take a struct as JSON text', () => {
    expect(read(core.RegisterJobEventRequestSchema, 'event.value={"a":[1]}&event.type=failure')).toEqual({
      event: { type: 'TYPE_FAILURE', value: { a: [1] } },
    });
    expect(() => read(core.RegisterJobEventRequestSchema, 'event.value={a}')).toThrow(
      /value is "\{a\}", which is not JSON/,
    );
  });

  it('go on to a message that the body began', () => {
    const json: JsonObject = { event: { type: 'TYPE_SUCCESS' } };
    applyQuery(json, core.RegisterJobEventRequestSchema, new URLSearchParams('event.value={}'));
    expect(json).toEqual({ event: { type: 'TYPE_SUCCESS', value: {} } });
  });

  it.each([
    'nothing=1',
    'spec.nothing=1',
    'project_name.deeper=1',
    'spec.labels.a=1',
    '__proto__.x=1',
    'toString=1',
    '=1',
    '.=1',
  ])('ignore %s', (query) => {
    expect(read(core.CreateJobSpecificationRequestSchema, query)).toEqual({});
  });

  it.each(['spec={}', 'spec.labels=1', 'spec.hooks=1'])(
    'refuse %s, whose field is not one value',
    (query) => {
      expect(() => read(core.CreateJobSpecificationRequestSchema, query)).toThrow(
        /cannot be a query parameter/,
      );
    },
  );
});
