import { create } from '@bufbuild/protobuf';
import type { Client } from '@grpc/grpc-js';
import { core } from '@optimus/proto';
import { jobName } from '../tests/e2e/stage/neo-week.ts';
import { setStage } from '../tests/e2e/stage/stage.ts';
import { callGrpc } from './measure/grpc-call.ts';
import { measureInTurns } from './measure/measure-in-turns.ts';
import { measureGrpc, measureRest } from './measure/measure-server.ts';
import { printFigures } from './measure/print-figures.ts';
import type { RestCall } from './measure/rest-call.ts';
import { runWeek } from './measure/run-week.ts';
import { startBareServers } from './measure/start-bare-servers.ts';

// `JobRun` asks the database for the last run of a job, `Version` asks nothing; the bare servers answer a constant.
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

function callJobRun(client: Client): Promise<unknown> {
  const request = create(core.JobRunRequestSchema, { projectName: 'space', jobName });
  return callGrpc(client, core.JobRunService.method.jobRun, request);
}

function callVersion(client: Client): Promise<unknown> {
  const request = create(core.VersionRequestSchema, { client: '0' });
  return callGrpc(client, core.RuntimeService.method.version, request);
}
