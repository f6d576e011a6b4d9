import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@grpc/grpc-js';
import { core } from '@optimus/proto';
import { jobName, ticks } from '../tests/e2e/stage/neo-week.ts';
import { setStage } from '../tests/e2e/stage/stage.ts';
import { callGrpc } from './measure/grpc-call.ts';
import { measureInTurns } from './measure/measure-in-turns.ts';
import { measureGrpc, measureRest } from './measure/measure-server.ts';
import { printFigures } from './measure/print-figures.ts';
import type { RestCall } from './measure/rest-call.ts';
import { runWeek } from './measure/run-week.ts';
import { startBareServers } from './measure/start-bare-servers.ts';

// What every task and hook asks for when it starts: a run's pinned specification, its window, secrets and compiled configuration.
const [scheduledAt = ''] = ticks;
const body = JSON.stringify({ scheduledAt, instanceType: 'TASK', instanceName: 'neo' });
const path = `/api/v1beta1/project/space/job/${jobName}`;
const restInstance: RestCall = { method: 'POST', path: `${path}/instance`, body };
const restInput: RestCall = { method: 'POST', path: `${path}/run_input`, body };
const bareJobRun: RestCall = { method: 'GET', path: `${path}/run` };
const asked = {
  projectName: 'space',
  jobName,
  scheduledAt: timestampFromDate(new Date(scheduledAt)),
  instanceType: core.InstanceSpec_Type.TASK,
  instanceName: 'neo',
};

const stage = await setStage();
const bare = await startBareServers();
try {
  await runWeek(stage);
  const measured = await measureInTurns({
    bareHttp: () => measureRest(bare.httpPort, bareJobRun),
    restInstance: () => measureRest(stage.port, restInstance),
    restInput: () => measureRest(stage.port, restInput),
    bareGrpc: () => measureGrpc(bare.grpcPort, callJobRun),
    grpcInstance: () => measureGrpc(stage.port, callRegisterInstance),
    grpcInput: () => measureGrpc(stage.port, callJobRunInput),
  });
  const http = { bare: measured.bareHttp, against: 'node:http, a constant', unit: 'calls/s' };
  const grpc = { bare: measured.bareGrpc, against: 'grpc-js, a constant', unit: 'calls/s' };
  printFigures([
    { name: 'RegisterInstance over REST', ours: measured.restInstance, ...http },
    { name: 'RegisterInstance over gRPC', ours: measured.grpcInstance, ...grpc },
    { name: 'JobRunInput over REST', ours: measured.restInput, ...http },
    { name: 'JobRunInput over gRPC', ours: measured.grpcInput, ...grpc },
  ]);
} finally {
  bare.stop();
  await stage.clear();
}

function callJobRun(client: Client): Promise<unknown> {
  const request = create(core.JobRunRequestSchema, { projectName: 'space', jobName });
  return callGrpc(client, core.JobRunService.method.jobRun, request);
}

function callRegisterInstance(client: Client): Promise<unknown> {
  const request = create(core.RegisterInstanceRequestSchema, asked);
  return callGrpc(client, core.JobRunService.method.registerInstance, request);
}

function callJobRunInput(client: Client): Promise<unknown> {
  const request = create(core.JobRunInputRequestSchema, asked);
  return callGrpc(client, core.JobRunService.method.jobRunInput, request);
}
