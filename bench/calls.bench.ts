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
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';
import { callRest, type RestCall } from './measure/rest-call.ts';

// `JobRun` asks the database for the last run of a job, `Version` asks nothing; the bare servers answer a constant.
// In turns: each round calls every server, so that neither a cold client nor a busy machine favours one of them.
const rounds = 4;
const load = { concurrency: 32, warmUpMs: 500, measureMs: 1_500 };
const apiKey = 'key-of-the-benchmark';
const restJobRun: RestCall = { method: 'GET', path: `/api/v1beta1/project/space/job/${jobName}/run` };
const restVersion: RestCall = { method: 'POST', path: '/api/v1beta1/version', body: '{"client":"0"}' };

const stage = await setStage();
const bare = await startBareServers();
try {
  await runWeek(stage);
  const measured = await measureInTurns({
    bareHttp: () => measureRest(bare.httpPort, restJobRun),
    restJobRun: () => measureRest(stage.port, restJobRun),
    restVersion: () => measureRest(stage.port, restVersion),
    bareGrpc: () => measureGrpc(bare.grpcPort, callJobRun),
    grpcJobRun: () => measureGrpc(stage.port, callJobRun),
    grpcVersion: () => measureGrpc(stage.port, callVersion),
  });
  const http = { bare: measured.bareHttp, against: 'node:http, a constant', unit: 'calls/s' };
  const grpc = { bare: measured.bareGrpc, against: 'grpc-js, a constant', unit: 'calls/s' };
  printFigures([
    { name: 'JobRun over REST', ours: measured.restJobRun, ...http },
    { name: 'JobRun over gRPC', ours: measured.grpcJobRun, ...grpc },
    { name: 'Version over REST', ours: measured.restVersion, ...http },
    { name: 'Version over gRPC', ours: measured.grpcVersion, ...grpc },
  ]);
} finally {
  bare.stop();
  await stage.clear();
}

/** The median of each measure over all rounds; the first round, which warms everything up, does not count. */
async function measureInTurns<const Name extends string>(
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(measures) as Name[];
  const figures = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<
    Name,
    number[]
  >;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const perSecond = await measures[name]();
      if (round > 0) figures[name].push(perSecond);
    }
  }
  const medians = names.map((name): [string, number] => [name, median(figures[name])]);
  return Object.fromEntries(medians) as Record<Name, number>;
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
