import type { ServerResponse } from 'node:http';
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { writeChunk } from '../call/write-chunk.ts';
import type { CallStatus } from '../errors/call-status.ts';
import { toHttpStatus } from '../errors/status-code.ts';
import { toStatusJson } from '../errors/status-message.ts';
import { toResponseJson } from './response-json.ts';

/** Writes the answers of one call. */
export interface ResponseWriter {
  send(message: Message): Promise<void>;
  /** Ends the response, with the error when the call failed. */
  end(status: CallStatus): void;
}

/** Answers one JSON document. */
export function createJsonWriter(response: ServerResponse, output: DescMessage): ResponseWriter {
  let body = '';
  return {
    async send(message) {
      body = JSON.stringify(toResponseJson(output, message));
    },
    end(status) {
      if (status.name === 'OK') sendJson(response, 200, body);
      else sendError(response, status);
    },
  };
}

/** Answers a line of JSON a message: `{"result": …}`, at last `{"error": …}` when the call fails under way. */
export function createLinesWriter(
  response: ServerResponse,
  output: DescMessage,
  signal: AbortSignal,
): ResponseWriter {
  return {
    send(message) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      return writeChunk(response, `${JSON.stringify({ result: toResponseJson(output, message) })}\n`, signal);
    },
    end(status) {
      if (status.name === 'OK') response.end();
      else if (!response.headersSent) sendError(response, status);
      else response.end(`${JSON.stringify({ error: toStatusJson(status) })}\n`);
    },
  };
}

/**
 * Answers the bytes of a stream whose messages are pieces of one text. A failure under way breaks the connection: the reader of
 * a chunked body then knows that it is not whole.
 */
export function createBytesWriter(
  response: ServerResponse,
  toBytes: (message: Message) => Uint8Array,
  signal: AbortSignal,
): ResponseWriter {
  return {
    async send(message) {
      if (!response.headersSent) {
        response.writeHead(200, {
          'content-type': 'text/plain; charset=utf-8',
          'x-content-type-options': 'nosniff',
        });
        response.flushHeaders();
      }
      const bytes = toBytes(message);
      if (bytes.length > 0) await writeChunk(response, bytes, signal);
    },
    end(status) {
      if (status.name === 'OK') response.end();
      else if (!response.headersSent) sendError(response, status);
      else response.destroy();
    },
  };
}

/** How long a stream may take to end whose reader takes nothing more. */
const END_MS = 5_000;

/**
 * Answers a stream whose messages carry an id as server-sent events, which name it, so that a browser comes back with it in
 * `Last-Event-ID`. A message with nothing but an id is a comment for the reader's eyes and still moves on what the browser keeps. A
 * failure is an event `failure`.
 */
export function createEventsWriter(
  response: ServerResponse,
  output: DescMessage,
  signal: AbortSignal,
): ResponseWriter {
  return {
    async send(message) {
      if (!response.headersSent) {
        response.writeHead(200, EVENT_HEADERS);
        await writeChunk(response, `retry: ${RETRY_MS}\n\n`, signal);
      }
      await writeChunk(response, toEventText(output, message), signal);
    },
    end(status) {
      if (status.name === 'OK') response.end();
      else if (!response.headersSent) sendError(response, status);
      else response.end(`event: failure\ndata: ${JSON.stringify(toStatusJson(status))}\n\n`);
      if (!response.writableFinished) setTimeout(() => response.destroy(), END_MS).unref();
    },
  };
}

/** How soon a browser comes back. */
const RETRY_MS = 2_000;

const EVENT_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

function toEventText(output: DescMessage, message: Message): string {
  const { [EVENT_ID]: id, ...data } = toResponseJson(output, message) as Record<string, unknown>;
  const isEmpty = Object.values(data).every((value) => value === null);
  return `id: ${String(id)}\n${isEmpty ? ': nothing new' : `data: ${JSON.stringify(data)}`}\n\n`;
}

/** The field, as JSON has it, that makes a stream one of events. */
export const EVENT_ID = 'eventId';

/** Answers `{code, message, details}`. */
export function sendError(
  response: ServerResponse,
  status: CallStatus,
  httpStatus: number = toErrorStatus(status),
): void {
  if (status.name === 'UNAUTHENTICATED')
    response.setHeader('www-authenticate', ['Bearer realm="optimus"', 'Basic realm="optimus"']);
  // What remains of a body too large is not worth reading.
  if (status.reason === 'MESSAGE_TOO_LARGE') response.setHeader('connection', 'close');
  sendJson(response, httpStatus, JSON.stringify(toStatusJson(status)));
}

/** 429 would ask the client to come again; a body too large never gets in. */
function toErrorStatus({ name, reason }: CallStatus): number {
  return reason === 'MESSAGE_TOO_LARGE' ? 413 : toHttpStatus(name);
}

function sendJson(response: ServerResponse, httpStatus: number, body: string): void {
  response.writeHead(httpStatus, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
