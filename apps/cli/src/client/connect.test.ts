import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from './connect.ts';

async function dial(target: string) {
  const client = new Client(target, credentials.createInsecure());
  onTestFinished(() => client.close());
  return connect(client.getChannel());
}

describe('dialling', () => {
  it('tells a refusal at once', async () => {
    expect(await dial('127.0.0.1:1')).toBe('refused');
  });

  it('gives up on silence', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await dial(`127.0.0.1:${port}`)).toBe('silent');
  });
});
