import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { core } from '@optimus/proto';
import { startGatedFeed } from '../tests/e2e/stage/gated-feed.ts';
import { awaitState, jobName, mustRun, prepareWeek, ticks } from '../tests/e2e/stage/neo-week.ts';
import { type Stage, setStage, toNeoCommand } from '../tests/e2e/stage/stage.ts';
import { jobRunMethod } from './bare-servers.ts';
import { measureCallsPerSecond } from './measure/calls-per-second.ts';
import { printFigures } from './measure/print-figures.ts';

// `JobRun` asks the database for the last run of a job; the bare servers answer a constant.
const load = { concurrency: 32, warmUpMs: 2_000, measureMs: 5_000 };
const apiKey = 'key-of-the-benchmark';
const runPath = `/api/v1beta1/project/space/job/${jobName}/run`;

const stage = await setStage();
const bare = await startBareServers();
try {
  await runWeek(stage);
  const rest = { ours: await measureRest(stage.port), bare: await measureRest(bare.httpPort) };
  const grpc = { ours: await measureGrpc(stage.port), bare: await measureGrpc(bare.grpcPort) };
  printFigures([
    { name: 'JobRun over REST', ...rest, against: 'node:http, a constant', unit: 'calls/s' },
    { name: 'JobRun over gRPC', ...grpc, against: 'grpc-js, a constant', unit: 'calls/s' },
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

async function measureRest(port: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  const call = () => getOnce(`http://127.0.0.1:${port}${runPath}`, agent);
  const perSecond = await measureCallsPerSecond(call, load);
  agent.destroy();
  return perSecond;
}

function getOnce(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume().once('end', resolve);
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
    });
    request.once('error', reject);
  });
}

async function measureGrpc(port: number): Promise<number> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const request = create(core.JobRunRequestSchema, { projectName: 'space', jobName });
  const { path, requestSerialize, responseDeserialize } = jobRunMethod;
  const call = () =>
    new Promise<void>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  const perSecond = await measureCallsPerSecond(call, load);
  client.close();
  return perSecond;
}
