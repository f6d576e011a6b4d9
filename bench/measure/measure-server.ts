import { Agent } from 'node:http';
import { Client, credentials } from '@grpc/grpc-js';
import { measureCallsPerSecond } from './calls-per-second.ts';
import { callRest, type RestCall } from './rest-call.ts';

const load = { concurrency: 32, warmUpMs: 500, measureMs: 1_500 };

/** Calls per second over REST. */
export async function measureRest(port: number, call: RestCall): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  const perSecond = await measureCallsPerSecond(() => callRest(port, agent, call), load);
  agent.destroy();
  return perSecond;
}

/** Calls per second over gRPC. */
export async function measureGrpc(port: number, call: (client: Client) => Promise<unknown>): Promise<number> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const perSecond = await measureCallsPerSecond(() => call(client), load);
  client.close();
  return perSecond;
}
