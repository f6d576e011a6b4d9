import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { type Log, OptimusError } from '@optimus/domain';
import { toUnsupported } from '../call/bind-service.ts';
import type { CallIo, IncomingCall } from '../call/call.ts';
import type { CallRunner } from '../call/call-runner.ts';
import { toCallStatus } from '../errors/call-status.ts';
import type { Page } from './page.ts';
import { readJsonBody } from './request-body.ts';
import { decodeRequest } from './request-decoder.ts';
import {
  createBytesWriter,
  createEventsWriter,
  createJsonWriter,
  createLinesWriter,
  EVENT_ID,
  type ResponseWriter,
  sendError,
} from './response-writer.ts';
import type { Route, RouteMatch, RouteTable } from './route-table.ts';

/** What answering HTTP/1 needs. */
export interface RestHandlerOptions {
  readonly routes: RouteTable;
  readonly runner: CallRunner;
  /** Paths outside the API, such as `/ping`. */
  readonly pages: ReadonlyMap<string, Page>;
  readonly maxBodyBytes: number;
  readonly log: Log;
}

/** Answers HTTP/1: pages by their path, everything else by the rpc that its path leads to. */
export function createRestHandler(options: RestHandlerOptions): RequestListener {
  return (request, response) => {
    answer(options, request, response).catch((thrown: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, toCallStatus(thrown, options.log));
    });
  };
}

async function answer(
  options: RestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  assertSameOrigin(request);
  const [path = '', ...query] = (request.url ?? '').split('?');
  const page = options.pages.get(path);
  if (page) return answerPage(page, request, response);
  const match = options.routes.find(path);
  if (!match) throw toUnknownPath(path);
  const route = match.routes.get(request.method === 'HEAD' ? 'GET' : (request.method ?? ''));
  if (!route) return answerOtherMethod(match, request, response);
  await answerCall(options, { route, match, request, response, query: query.join('?') });
}

/** A browser sends `Origin` with whatever a page makes it send: other sites' pages are kept out. */
function assertSameOrigin({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return;
  throw new OptimusError('PERMISSION_DENIED', {
    message: `pages of ${origin} may not call this server`,
    fields: { origin },
  });
}

async function answerPage(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'HEAD') return answerMethodUnknown(['GET', 'HEAD'], request, response);
  const { contentType, body } = await page(request.headers.authorization);
  response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function answerOtherMethod(match: RouteMatch, request: IncomingMessage, response: ServerResponse): void {
  const known = [...match.routes.keys()].sort();
  answerMethodUnknown(known.includes('GET') ? [...known, 'HEAD'] : known, request, response);
}

function answerMethodUnknown(
  known: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('allow', [...known, 'OPTIONS'].join(', '));
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  const message = `${request.method} is not a method of this path; it has ${known.join(', ')}`;
  const error = new OptimusError('METHOD_UNKNOWN', { message, fields: { method: request.method ?? '' } });
  sendError(response, { ...toStatus(error), name: 'UNIMPLEMENTED' }, 405);
}

function toStatus({ message, code, hint, fields }: OptimusError) {
  return { message, reason: code, hint: hint ?? '', fields };
}

interface RestCall {
  readonly route: Route;
  readonly match: RouteMatch;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: string;
}

async function answerCall({ runner, maxBodyBytes }: RestHandlerOptions, call: RestCall): Promise<void> {
  const { route, match, request, response } = call;
  const incoming = toIncomingCall(request, response);
  const writer = createWriter(call, incoming.signal);
  const io: CallIo = {
    request: async () =>
      decodeRequest(route, {
        body: await readJsonBody(request, maxBodyBytes),
        pathValues: match.values,
        query: new URLSearchParams(call.query),
      }),
    requests: () => {
      throw toUnsupported(route.method.desc, 'streaming requests over HTTP/1 is');
    },
    send: (message) => writer.send(message),
  };
  writer.end(await runner.run(route.method, incoming, io));
}

function toIncomingCall(request: IncomingMessage, response: ServerResponse): IncomingCall {
  const controller = new AbortController();
  // An answer that is out leaves nothing to abort, and aborting is dear: it makes an exception with its stack.
  response.once('close', () => response.writableFinished || controller.abort());
  return {
    transport: 'rest',
    peer: request.socket.remoteAddress ?? '',
    header: (name) => request.headersDistinct[name]?.[0],
    signal: controller.signal,
  };
}

/** A stream of pieces of one text answers that text, and one of events these, unless JSON is asked for. */
function createWriter({ route, request, response }: RestCall, signal: AbortSignal): ResponseWriter {
  const { methodKind, output } = route.method.desc;
  if (methodKind === 'unary') return createJsonWriter(response, output);
  const wantsJson = /json/i.test(request.headers.accept ?? '');
  if (output.fields.some(({ jsonName }) => jsonName === EVENT_ID) && !wantsJson)
    return createEventsWriter(response, output, signal);
  const toBytes = findBytesReader(output);
  return toBytes && !wantsJson
    ? createBytesWriter(response, toBytes, signal)
    : createLinesWriter(response, output, signal);
}

function findBytesReader(output: DescMessage): ((message: Message) => Uint8Array) | undefined {
  const [field, ...others] = output.fields;
  if (!field || others.length > 0 || field.fieldKind !== 'scalar' || field.scalar !== ScalarType.BYTES)
    return undefined;
  return (message) => reflect(output, message).get(field) as Uint8Array;
}

function toUnknownPath(path: string): OptimusError {
  return new OptimusError('NOT_FOUND', {
    message: `nothing is at ${JSON.stringify(path)}`,
    hint: 'paths of the API begin with /api/v1beta1/ or /api/v1/',
    fields: { path },
  });
}
