import type { EventEmitter } from 'node:events';
import { type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import {
  Metadata,
  type Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type StatusObject,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { invariant, OptimusError, toErrorMessage } from '@optimus/domain';
import { grpc } from '@optimus/proto';
import type { BoundMethod, CallIo, IncomingCall } from '../call/call.ts';
import type { CallRunner } from '../call/call-runner.ts';
import { writeChunk } from '../call/write-chunk.ts';
import { type CallStatus, DEADLINE_PASSED } from '../errors/call-status.ts';
import { STATUS_CODES } from '../errors/status-code.ts';
import { toStatusMessage } from '../errors/status-message.ts';

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type AnswerStream = ServerWritableStream<Buffer, Buffer>;
type BidiStream = ServerDuplexStream<Buffer, Buffer>;
type AnyCall = UnaryCall | AnswerStream | BidiStream;

/** Registers one rpc. Bytes pass grpc-js as they are and are decoded behind the credentials, where errors are ours. */
export function registerMethod(server: Server, method: BoundMethod, runner: CallRunner): void {
  const { desc } = method;
  const path = `/${desc.parent.typeName}/${desc.name}`;
  switch (desc.methodKind) {
    case 'unary':
      server.register(path, toUnaryHandler(method, runner), keepBytes, keepBytes, 'unary');
      return;
    case 'server_streaming':
      server.register(path, toServerStreamHandler(method, runner), keepBytes, keepBytes, 'serverStream');
      return;
    case 'bidi_streaming':
      server.register(path, toBidiHandler(method, runner), keepBytes, keepBytes, 'bidi');
      return;
    case 'client_streaming':
      invariant(false, `${path} streams requests to one answer, which no rpc of ours does`);
  }
}

const keepBytes = (bytes: Buffer): Buffer => bytes;

function toUnaryHandler(method: BoundMethod, runner: CallRunner) {
  return (call: UnaryCall, callback: sendUnaryData<Buffer>): void => {
    let answer: Buffer | null = null;
    const io: CallIo = {
      request: async () => decode(method.desc.input, call.request),
      requests: () => {
        throw toMisuse(method);
      },
      async send(message) {
        answer = encode(method.desc.output, message);
      },
    };
    void runner.run(method, toIncomingCall(call), io).then((status) => {
      forgetCancelling(call);
      if (status.name === 'OK') callback(null, answer);
      else callback(toGrpcStatus(status));
    });
  };
}

function toServerStreamHandler(method: BoundMethod, runner: CallRunner) {
  return (call: AnswerStream): void => {
    const incoming = toIncomingCall(call);
    const io: CallIo = {
      request: async () => decode(method.desc.input, call.request),
      requests: () => {
        throw toMisuse(method);
      },
      send: (message) => writeChunk(call, encode(method.desc.output, message), incoming.signal),
    };
    void runner.run(method, incoming, io).then((status) => endStream(call, status));
  };
}

function toBidiHandler(method: BoundMethod, runner: CallRunner) {
  return (call: BidiStream): void => {
    const incoming = toIncomingCall(call);
    const io: CallIo = {
      request: () => Promise.reject(toMisuse(method)),
      requests: () => decodeAll(method.desc.input, call),
      send: (message) => writeChunk(call, encode(method.desc.output, message), incoming.signal),
    };
    void runner.run(method, incoming, io).then((status) => endStream(call, status));
  };
}

/** grpc-js takes the status of a stream from an error event. */
function endStream(call: AnswerStream | BidiStream, status: CallStatus): void {
  forgetCancelling(call);
  if (status.name === 'OK') call.end();
  else call.emit('error', toGrpcStatus(status));
}

function toIncomingCall(call: AnyCall): IncomingCall {
  const controller = new AbortController();
  const events: EventEmitter = call;
  events.on('cancelled', () => controller.abort(hasDeadlinePassed(call) ? DEADLINE_PASSED : undefined));
  return {
    transport: 'grpc',
    peer: call.getPeer(),
    header: (name) => call.metadata.get(name)[0]?.toString(),
    signal: controller.signal,
  };
}

/** grpc-js reports every call as cancelled in the end. Aborting what has ended is dear: it makes an exception with its stack. */
function forgetCancelling(call: AnyCall): void {
  const events: EventEmitter = call;
  events.removeAllListeners('cancelled');
}

function hasDeadlinePassed(call: AnyCall): boolean {
  return Number(call.getDeadline()) <= Date.now();
}

function toGrpcStatus(status: CallStatus): StatusObject {
  const message = toStatusMessage(status);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encode(grpc.StatusSchema, message));
  return { code: STATUS_CODES[status.name], details: message.message, metadata };
}

function encode(schema: DescMessage, message: Message): Buffer {
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decode(schema: DescMessage, bytes: Buffer): Message {
  try {
    return fromBinary(schema, bytes);
  } catch (thrown) {
    throw new OptimusError('REQUEST_INVALID', {
      message: `the request is not a ${schema.typeName}: ${toErrorMessage(thrown)}`,
      cause: thrown,
    });
  }
}

/** Leaving the loop early must not destroy the stream: its status is still to be sent. */
async function* decodeAll(schema: DescMessage, call: BidiStream): AsyncIterable<Message> {
  for await (const bytes of call.iterator({ destroyOnReturn: false })) yield decode(schema, bytes);
}

function toMisuse({ desc }: BoundMethod): OptimusError {
  return new OptimusError('INVARIANT_BROKEN', {
    message: `${desc.name} was read as if it were not ${desc.methodKind}`,
  });
}
