import { fromJson, type JsonObject, type JsonValue, type Message } from '@bufbuild/protobuf';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { toFullEnumNames } from './enum-spelling.ts';
import { findField, isObject, setField } from './json-object.ts';
import { applyPathValue, applyQuery } from './query-parameters.ts';
import type { Route } from './route-table.ts';
import { findWrongField } from './wrong-field.ts';

/** The parts of an HTTP request that make up a message. */
export interface RequestParts {
  /** Undefined: the request has no body. */
  readonly body: JsonValue | undefined;
  /** Segments of the path's variables, encoded. */
  readonly pathValues: readonly string[];
  readonly query: URLSearchParams;
}

/**
 * The request message. The path wins over the query, and both over the body; with a body of `*` there are no query parameters.
 * @throws OptimusError `REQUEST_INVALID`
 */
export function decodeRequest({ method, binding }: Route, parts: RequestParts): Message {
  const { input } = method.desc;
  const json = toBodyObject({ method, binding }, parts.body);
  if (binding.body !== '*') applyQuery(json, input, parts.query);
  binding.pathFields.forEach((name, index) => {
    applyPathValue(json, input, name, decodeSegment(parts.pathValues[index] ?? ''));
  });
  try {
    return fromJson(input, toFullEnumNames(input, json), { ignoreUnknownFields: true });
  } catch (thrown) {
    throw thrown instanceof OptimusError ? thrown : toDecodeError(findWrongField(input, json), thrown);
  }
}

function toBodyObject({ method, binding }: Route, body: JsonValue | undefined): JsonObject {
  if (body === undefined || binding.body === '') return {};
  if (binding.body === '*') return toObject(body);
  const field = findField(method.desc.input, binding.body);
  const json: JsonObject = {};
  if (field) setField(json, field, body);
  return json;
}

function toObject(body: JsonValue): JsonObject {
  if (isObject(body)) return { ...body };
  throw toInvalid('the body is not a JSON object');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (thrown) {
    throw toInvalid(`the path segment ${JSON.stringify(segment)} is not URL-encoded`, thrown);
  }
}

/** The codec names the type that it could not decode, but not always the field. */
function toDecodeError(field: string, thrown: unknown): OptimusError {
  const reason = toErrorMessage(thrown).replace(/^cannot decode .*? from JSON: /, '');
  return new OptimusError('REQUEST_INVALID', {
    message: `the request is not valid: ${field === '' ? '' : `${field}: `}${reason}`,
    fields: field === '' ? {} : { field },
    cause: thrown,
  });
}

function toInvalid(problem: string, cause?: unknown): OptimusError {
  return new OptimusError('REQUEST_INVALID', { message: `the request is not valid: ${problem}`, cause });
}
