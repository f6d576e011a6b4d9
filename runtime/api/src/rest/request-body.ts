import type { IncomingMessage } from 'node:http';
import type { JsonValue } from '@bufbuild/protobuf';
import { OptimusError } from '@optimus/domain';
import { findJsonError } from './json-error.ts';

/** The whole body as JSON; undefined when there is none. @throws OptimusError `REQUEST_INVALID`, `MESSAGE_TOO_LARGE` */
export async function readJsonBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<JsonValue | undefined> {
  const bytes = await readBody(request, maxBytes);
  if (bytes.length === 0) return undefined;
  assertJsonType(request.headers['content-type']);
  return parseJson(toText(bytes));
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Form and text types are refused: a web page may send those to any server without being asked whether it may. */
function assertJsonType(contentType: string | undefined): void {
  const [type = ''] = (contentType ?? 'application/json').split(';');
  if (/^application\/([^;]*\+)?json$/i.test(type.trim())) return;
  throw new OptimusError('REQUEST_INVALID', {
    message: `the body is ${JSON.stringify(type.trim())}, but only JSON is understood`,
    hint: 'send the header "Content-Type: application/json"',
  });
}

function toText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new OptimusError('REQUEST_INVALID', { message: 'the body is not UTF-8', cause: thrown });
  }
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (thrown) {
    const { line, column, problem } = findJsonError(text);
    throw new OptimusError('REQUEST_INVALID', {
      message: `the body is not JSON: line ${line}, column ${column}: ${problem}`,
      fields: { line: String(line), column: String(column) },
      cause: thrown,
    });
  }
}

function tooLarge(maxBytes: number): OptimusError {
  return new OptimusError('MESSAGE_TOO_LARGE', {
    message: `the body is larger than ${maxBytes / 1024 / 1024} MiB`,
    hint: 'send less at once',
  });
}
