import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client, credentials } from '@grpc/grpc-js';

const cookie = { OP_PLUGIN_MAGIC_COOKIE: 'ksxR4BqCT81whVF2dVEUpYZXwM3pazSkP4IbVc6f2Kns57ypp2c0z0GzQNMdHSUk' };

/** A plugin with nothing of ours around it: its process, and a plain grpc-js client of it. */
export async function startBarePlugin(program: string) {
  const env = { ...process.env, ...cookie, PLUGIN_PROTOCOL_VERSIONS: '1' };
  const child = spawn(program, [], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line]: string[] = await once(child.stdout.setEncoding('utf8'), 'data');
  child.stdout.resume();
  const [, , network, address] = (line ?? '').split('|');
  const target = network === 'unix' ? `unix:${address}` : (address ?? '');
  const client = new Client(target, credentials.createInsecure());
  const stop = async () => {
    client.close();
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { client, stop };
}
