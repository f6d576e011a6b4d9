import {
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from '@bufbuild/protobuf';
import { isObject, isWellKnown } from './json-object.ts';

/** A message as the JSON that grpc-gateway writes: lowerCamelCase, unset fields included, an unset message as null. */
export function toResponseJson(desc: DescMessage, message: Message): JsonValue {
  const json = toJson(desc, message, { alwaysEmitImplicit: true }) as JsonValue;
  fillUnsetMessages(desc, json);
  return json;
}

function fillUnsetMessages(desc: DescMessage, json: JsonValue | undefined): void {
  if (!isObject(json)) return;
  for (const field of listMessageFields(desc)) fillField(field, json);
}

function fillField(field: DescField, json: JsonObject): void {
  const { message } = field;
  const value = json[field.jsonName];
  if (!message) return;
  if (field.fieldKind === 'list' && Array.isArray(value)) {
    for (const item of value) fillUnsetMessages(message, item);
  } else if (field.fieldKind === 'map' && isObject(value)) {
    for (const item of Object.values(value)) fillUnsetMessages(message, item);
  } else if (value === undefined && !field.oneof) {
    json[field.jsonName] = null;
  } else if (!isWellKnown(message)) {
    fillUnsetMessages(message, value);
  }
}

const messageFields = new WeakMap<DescMessage, readonly DescField[]>();

function listMessageFields(desc: DescMessage): readonly DescField[] {
  const known = messageFields.get(desc);
  if (known) return known;
  const fields = isWellKnown(desc) ? [] : desc.fields.filter((field) => field.message !== undefined);
  messageFields.set(desc, fields);
  return fields;
}
