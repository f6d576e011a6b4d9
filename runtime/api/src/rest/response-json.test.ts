import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toResponseJson } from './response-json.ts';

describe('a response as JSON', () => {
  it('is lowerCamelCase and holds what is unset', () => {
    const message = create(core.RegisterInstanceResponseSchema, {
      context: { envs: { A: '1' } },
      instance: { type: core.InstanceSpec_Type.HOOK, executedAt: timestampFromDate(new Date(0)) },
    });
    expect(toResponseJson(core.RegisterInstanceResponseSchema, message)).toEqual({
      project: null,
      job: null,
      namespace: null,
      instance: { state: '', data: [], name: '', type: 'TYPE_HOOK', executedAt: '1970-01-01T00:00:00Z' },
      context: { envs: { A: '1' }, files: {}, secrets: {}, warnings: [], binaryFiles: {} },
    });
  });

  it('says null for an unset message inside a list, and nothing for an absent optional', () => {
    const message = create(core.GetJobRunsResponseSchema, { runs: [{ instances: [{ attempts: [{}] }] }] });
    const [run] = (toResponseJson(core.GetJobRunsResponseSchema, message) as { runs: object[] }).runs;
    expect(run).toMatchObject({
      startedAt: null,
      instances: [{ attempts: [{ number: 0, startedAt: null }] }],
    });
    expect(JSON.stringify(run)).not.toContain('exitCode');
  });

  it('writes durations in seconds', () => {
    const message = create(core.TaskWindowSchema, { size: { seconds: 3600n, nanos: 0 } });
    expect(toResponseJson(core.TaskWindowSchema, message)).toEqual({
      size: '3600s',
      offset: null,
      truncateTo: '',
    });
  });
});
