import { once } from 'node:events';
import { grpc } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';

const { check, watch } = grpc.Health.method;

describe('health', () => {
  it.each(['', 'odpf.optimus.core.v1beta1.JobRunService'])('says that %j serves', async (service) => {
    const { port } = await startApi();
    expect((await new GrpcTestClient(port).call(check, { service })).status).toBe(1);
  });

  it('does not know a service that does not exist', async () => {
    const { port } = await startApi();
    await expect(new GrpcTestClient(port).call(check, { service: 'x' })).rejects.toMatchObject({ code: 5 });
  });

  it('tells a watcher when the server begins to stop, and ends', async () => {
    const { api, port } = await startApi();
    const stream = new GrpcTestClient(port).stream(watch, { service: '' });
    await once(stream, 'readable');
    const seen = collect(stream);
    await api.stop();
    const { answers, error } = await seen;
    expect(answers.map(({ status }) => status)).toEqual([1, 2]);
    expect(error).toBeUndefined();
  });
});
