import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { findField, isObject, isWellKnown } from './json-object.ts';

/** The path of the first field whose JSON the codec refuses, such as `spec.hooks[1].name`; empty when it is none of the fields. */
export function findWrongField(desc: DescMessage, json: JsonObject): string {
  for (const [name, value] of Object.entries(json)) {
    const field = findField(desc, name);
    if (field && !isDecodable(desc, { [name]: value })) return toPath(field, value);
  }
  return '';
}

function toPath(field: DescField, value: JsonValue): string {
  const { message, name } = field;
  if (field.fieldKind === 'list' && Array.isArray(value)) return `${name}${findWrongItem(message, value)}`;
  if (field.fieldKind !== 'message' || !message || isWellKnown(message) || !isObject(value)) return name;
  const inner = findWrongField(message, value);
  return inner === '' ? name : `${name}.${inner}`;
}

function findWrongItem(message: DescMessage | undefined, items: readonly JsonValue[]): string {
  if (!message || isWellKnown(message)) return '';
  const index = items.findIndex((item) => !isDecodable(message, item));
  const item = items[index];
  const inner = isObject(item) ? findWrongField(message, item) : '';
  return inner === '' ? `[${index}]` : `[${index}].${inner}`;
}

function isDecodable(desc: DescMessage, json: JsonValue): boolean {
  try {
    fromJson(desc, json, { ignoreUnknownFields: true });
    return true;
  } catch {
    return false;
  }
}
