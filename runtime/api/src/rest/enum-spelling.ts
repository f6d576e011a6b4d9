import type { DescEnum, DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { OptimusError, toSuggestion } from '@optimus/domain';
import { findField, isObject, isWellKnown } from './json-object.ts';

/**
 * The same JSON with every enum value in its full spelling: `TASK`, `task` and `TYPE_TASK` all mean `TYPE_TASK`.
 * The codec would drop an unknown name in silence, so it is refused here. @throws OptimusError `REQUEST_INVALID`
 */
export function toFullEnumNames(desc: DescMessage, json: JsonValue): JsonValue {
  if (!isObject(json) || !mentionsEnum(desc)) return json;
  const entries = Object.entries(json).map(([name, value]): [string, JsonValue] => {
    const field = findField(desc, name);
    return [name, field ? toFullNames(field, value) : value];
  });
  return Object.fromEntries<JsonValue>(entries);
}

/** An enum value by name, name without prefix, or number. @throws OptimusError `REQUEST_INVALID` */
export function toEnumJson(desc: DescEnum, field: string, value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value;
  if (/^-?\d+$/.test(value)) return Number(value);
  const wanted = value.toUpperCase();
  const prefix = desc.sharedPrefix?.toUpperCase() ?? '';
  const found = desc.values.find(({ name }) => name === wanted || name === `${prefix}${wanted}`);
  if (found) return found.name;
  const names = desc.values.map(({ name }) => name);
  throw new OptimusError('REQUEST_INVALID', {
    message: `${field} has no value ${JSON.stringify(value)}${toSuggestion(value, names)}`,
    hint: `use one of ${names.join(', ')}`,
    fields: { field },
  });
}

function toFullNames(field: DescField, value: JsonValue): JsonValue {
  const convert = toConverter(field);
  if (!convert) return value;
  if (field.fieldKind === 'list') return Array.isArray(value) ? value.map(convert) : value;
  if (field.fieldKind !== 'map') return convert(value);
  if (!isObject(value)) return value;
  return Object.fromEntries<JsonValue>(Object.entries(value).map(([key, entry]) => [key, convert(entry)]));
}

function toConverter(field: DescField): ((value: JsonValue) => JsonValue) | undefined {
  const { enum: enumDesc, message } = field;
  if (enumDesc) return (value) => toEnumJson(enumDesc, field.name, value);
  if (message) return (value) => toFullEnumNames(message, value);
  return undefined;
}

const enumMentions = new WeakMap<DescMessage, boolean>();

function mentionsEnum(desc: DescMessage): boolean {
  const known = enumMentions.get(desc);
  if (known !== undefined) return known;
  // A message that contains itself is taken for enum-free while it is being looked at: its other fields decide.
  enumMentions.set(desc, false);
  const found =
    !isWellKnown(desc) &&
    desc.fields.some((field) => field.enum !== undefined || (field.message && mentionsEnum(field.message)));
  enumMentions.set(desc, found);
  return found;
}
