import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';

const fieldsOf = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** The field of either spelling: `project_name` or `projectName`. */
export function findField(desc: DescMessage, name: string): DescField | undefined {
  return listFields(desc).get(name);
}

/** True for messages whose JSON is not an object of their fields: Timestamp, Duration, Struct, wrappers and the like. */
export function isWellKnown({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.');
}

/** True for a JSON object. */
export function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Sets a field whatever spelling of it the object holds already. */
export function setField(json: JsonObject, field: DescField, value: JsonValue): void {
  delete json[field.name];
  json[field.jsonName] = value;
}

function listFields(desc: DescMessage): ReadonlyMap<string, DescField> {
  const known = fieldsOf.get(desc);
  if (known) return known;
  const fields = new Map(
    desc.fields.flatMap((field) => [
      [field.name, field],
      [field.jsonName, field],
    ]),
  );
  fieldsOf.set(desc, fields);
  return fields;
}
