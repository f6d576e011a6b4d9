import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { core } from '@optimus/proto';
import { startGatedFeed } from '../tests/e2e/stage/gated-feed.ts';
import { awaitState, jobName, mustRun, prepareWeek, ticks } from '../tests/e2e/stage/neo-week.ts';
import { type Stage, setStage, toNeoCommand } from '../tests/e2e/stage/stage.ts';
import { measureCallsPerSecond } from './measure/calls-per-second.ts';
import { callGrpc } from './measure/grpc-call.ts';
import { printFigures } from './measure/print-figures.ts';
import { callRest, type RestCall } from './measure/rest-call.ts';

// `JobRun` asks the database for the last run of a job, `Version` asks nothing; the bare servers answer a constant.
const load = { concurrency: 32, warmUpMs: 2_000, measureMs: 4_000 };
const apiKey = 'key-of-the-benchmark';
const restJobRun: RestCall = { method: 'GET', path: `/api/v1beta1/project/space/job/${jobName}/run` };
const restVersion: RestCall = { method: 'POST', path: '/api/v1beta1/version', body: '{"client":"0"}' };

const stage = await setStage();
const bare = await startBareServers();
try {
  await runWeek(stage);
  const http = { bare: await measureRest(bare.httpPort, restJobRun), against: 'node:http, a constant' };
  const grpc = { bare: await measureGrpc(bare.grpcPort, callJobRun), against: 'grpc-js, a constant' };
  printFigures([
    { name: 'JobRun over REST', ours: await measureRest(stage.port, restJobRun), ...http, unit: 'calls/s' },
    { name: 'JobRun over gRPC', ours: await measureGrpc(stage.port, callJobRun), ...grpc, unit: 'calls/s' },
    { name: 'Version over REST', ours: await measureRest(stage.port, restVersion), ...http, unit: 'calls/s' },
    { name: 'Version over gRPC', ours: await measureGrpc(stage.port, callVersion), ...grpc, unit: 'calls/s' },
  ]);
} finally {
  bare.stop();
  await stage.clear();
}

async function runWeek(on: Stage): Promise<void> {
  const feed = await startGatedFeed(apiKey);
  feed.open();
  await on.configure({ neoCommand: toNeoCommand(feed.url) });
  await on.startServer();
  await prepareWeek(on, apiKey);
  await mustRun(on, ['deploy']);
  await awaitState(on, 'success', ticks.length);
  await feed.stop();
}

async function startBareServers() {
  const file = fileURLToPath(new URL('./bare-servers.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const ports = JSON.parse(line) as { readonly httpPort: number; readonly grpcPort: number };
  return { ...ports, stop: () => child.kill() };
}

async function measureRest(port: number, call: RestCall): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  const perSecond = await measureCallsPerSecond(() => callRest(port, agent, call), load);
  agent.destroy();
  return perSecond;
}

async function measureGrpc(port: number, call: (client: Client) => Promise<unknown>): Promise<number> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const perSecond = await measureCallsPerSecond(() => call(client), load);
  client.close();
  return perSecond;
}

function callJobRun(client: Client): Promise<unknown> {
  const request = create(core.JobRunRequestSchema, { projectName: 'space', jobName });
  return callGrpc(client, core.JobRunService.method.jobRun, request);
}

function callVersion(client: Client): Promise<unknown> {
  const request = create(core.VersionRequestSchema, { client: '0' });
  return callGrpc(client, core.RuntimeService.method.version, request);
}
