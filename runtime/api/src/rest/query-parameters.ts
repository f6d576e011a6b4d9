import {
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from '@bufbuild/protobuf';
import { OptimusError } from '@optimus/domain';
import { toEnumJson } from './enum-spelling.ts';
import { findField, isObject, isWellKnown, setField } from './json-object.ts';

/**
 * Sets the fields that query parameters name: `a=1&a=2` fills a repeated field, `a.b=1` a nested one. Names are snake_case or
 * camelCase; names that are no field are ignored. @throws OptimusError `REQUEST_INVALID` for a value that cannot be the field's
 */
export function applyQuery(json: JsonObject, desc: DescMessage, query: URLSearchParams): void {
  for (const name of new Set(query.keys())) applyParameter(json, desc, name.split('.'), query.getAll(name));
}

/** Sets the field that a path variable names. @throws OptimusError `REQUEST_INVALID` */
export function applyPathValue(json: JsonObject, desc: DescMessage, name: string, value: string): void {
  applyParameter(json, desc, name.split('.'), [value]);
}

function applyParameter(
  json: JsonObject,
  desc: DescMessage,
  [head = '', ...rest]: readonly string[],
  values: readonly string[],
): void {
  const field = findField(desc, head);
  if (!field) return;
  if (rest.length === 0) return applyLeaf(json, field, values);
  if (field.fieldKind !== 'message' || isWellKnown(field.message)) return;
  const stored = json[field.jsonName] ?? json[field.name];
  const nested: JsonObject = isObject(stored) ? stored : {};
  applyParameter(nested, field.message, rest, values);
  // A name that is no field of the message must not make the message present.
  if (Object.keys(nested).length > 0) setField(json, field, nested);
}

function applyLeaf(json: JsonObject, field: DescField, values: readonly string[]): void {
  if (field.fieldKind === 'list') {
    setField(
      json,
      field,
      values.map((value) => toJsonValue(field, value)),
    );
    return;
  }
  const [value] = values;
  if (values.length > 1 || value === undefined)
    throw invalid(field, `is given ${values.length} times, but takes one value`);
  setField(json, field, toJsonValue(field, value));
}

function toJsonValue(field: DescField, text: string): JsonValue {
  if (field.enum) return toEnumJson(field.enum, field.name, text);
  if (field.fieldKind === 'map' || (field.message && !isWellKnown(field.message)))
    throw invalid(field, 'is a message and cannot be a query parameter; name one of its fields');
  if (field.message && OWN_JSON.has(field.message.typeName)) return parseJson(field, text);
  const isBoolean =
    field.scalar === ScalarType.BOOL || field.message?.typeName === 'google.protobuf.BoolValue';
  return isBoolean ? parseBoolean(field, text) : text;
}

/** Their JSON may be anything, so a parameter of theirs is JSON text. */
const OWN_JSON = new Set(['google.protobuf.Struct', 'google.protobuf.Value', 'google.protobuf.ListValue']);

function parseJson(field: DescField, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw invalid(field, `is ${JSON.stringify(text)}, which is not JSON`);
  }
}

function parseBoolean(field: DescField, text: string): boolean {
  const value = text.toLowerCase();
  if (['true', 't', '1'].includes(value)) return true;
  if (['false', 'f', '0'].includes(value)) return false;
  throw invalid(field, `is ${JSON.stringify(text)}, must be true or false`);
}

function invalid({ name }: DescField, what: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', { message: `${name} ${what}`, fields: { field: name } });
}
