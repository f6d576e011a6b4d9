import { createServer } from 'node:http';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Server, ServerCredentials, type ServiceDefinition, type sendUnaryData } from '@grpc/grpc-js';
import { core } from '@optimus/proto';

// The bare servers of calls.bench.ts as a program: they answer a constant, over plain http and plain grpc-js.

const runs = { jobRuns: [{ state: 'success', scheduledAt: '2022-09-25T02:00:00Z' }] };
const response = create(core.JobRunResponseSchema, { jobRuns: [{ state: 'success' }] });

const service: ServiceDefinition = {
  JobRun: {
    path: '/odpf.optimus.core.v1beta1.JobRunService/JobRun',
    requestStream: false,
    responseStream: false,
    requestSerialize: (request: core.JobRunRequest) =>
      Buffer.from(toBinary(core.JobRunRequestSchema, request)),
    requestDeserialize: (bytes) => fromBinary(core.JobRunRequestSchema, bytes),
    responseSerialize: (answer: core.JobRunResponse) =>
      Buffer.from(toBinary(core.JobRunResponseSchema, answer)),
    responseDeserialize: (bytes) => fromBinary(core.JobRunResponseSchema, bytes),
  },
};

const http = createServer((_, answer) => {
  answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(runs));
}).listen(0, '127.0.0.1');
const grpc = new Server();
grpc.addService(service, {
  JobRun: (_: unknown, done: sendUnaryData<core.JobRunResponse>) => done(null, response),
});
grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, grpcPort) => {
  if (error) throw error;
  const address = http.address();
  const httpPort = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ httpPort, grpcPort })}\n`);
});
