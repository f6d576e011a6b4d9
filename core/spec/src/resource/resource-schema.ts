import { toSuggestion } from '@optimus/domain';
import { z } from 'zod';
import {
  count,
  listOf,
  oneOf,
  optionalText,
  section,
  text,
  textLike,
  textMap,
  wholeNumber,
} from '../yaml/scalar-text.ts';

const DATASET = /^([\w-]+)\.(\w+)$/;
const TABLE = /^([\w-]+)\.(\w+)\.([\w-]+)$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

const datasetName = textLike(DATASET, 'project.dataset').describe('project.dataset');
const tableName = textLike(TABLE, 'project.dataset.table').describe('project.dataset.table');
const instant = textLike(RFC_3339, 'a time such as 2022-09-19T02:00:00Z');

const column = section({
  name: text,
  type: text.describe('Type of the column, such as STRING.'),
  description: optionalText,
  mode: oneOf(['nullable', 'required', 'repeated', 'NULLABLE', 'REQUIRED', 'REPEATED', '']).nullish(),
  get schema(): z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodType>>> {
    return z.array(column, 'must be a list').nullish().describe('Columns of a record.');
  },
});

const columns = listOf(column).describe('Columns, in order.');

const partition = section({
  field: text,
  type: oneOf([
    'DAY',
    'HOUR',
    'MONTH',
    'YEAR',
    'RANGE',
    'day',
    'hour',
    'month',
    'year',
    'range',
    '',
  ]).nullish(),
  expiration: count.nullish().describe('Hours after which a partition goes.'),
  range: section({ start: wholeText(), end: wholeText(), interval: wholeText() }).nullish(),
});

const expiration = { expiration_time: instant.nullish().describe('When it goes, RFC 3339.') };

const datasetSpec = section({
  description: optionalText,
  table_expiration: count.nullish().describe('Hours after which a table of it goes.'),
  location: optionalText,
});

const tableSpec = section({
  schema: columns,
  description: optionalText,
  cluster: section({ using: listOf(text) }).nullish(),
  partition: partition.nullish(),
  location: optionalText,
  ...expiration,
});

const viewSpec = section({
  description: optionalText,
  view_query: optionalText.describe('The query; or the file view.sql beside.'),
  ...expiration,
});

const source = section({
  type: oneOf(['GOOGLE_SHEETS']),
  uris: listOf(text),
  config: section({ skip_leading_rows: count.nullish(), range: optionalText }).nullish(),
});

const externalSpec = section({
  schema: columns,
  description: optionalText,
  source: source.nullish(),
  ...expiration,
});

const head = {
  version: wholeNumber(1, 1).describe('Version of the specification language: 1.'),
  labels: textMap.describe('Labels that the store keeps with it.'),
};

/** The form of `resource.yaml`, for the resources of BigQuery. */
export const resourceSchema = z
  .discriminatedUnion(
    'type',
    [
      section({ ...head, type: z.literal('dataset'), name: datasetName, spec: datasetSpec.nullish() }),
      section({ ...head, type: z.literal('table'), name: tableName, spec: tableSpec }),
      section({ ...head, type: z.literal('view'), name: tableName, spec: viewSpec.nullish() }),
      section({ ...head, type: z.literal('external_table'), name: tableName, spec: externalSpec }),
    ],
    { error: ({ code, input }) => (code === 'invalid_union' ? findTypeProblem(input) : 'must be a map') },
  )
  .describe('A resource of a store: a dataset, a table, a view or an external table.');

const TYPES = ['dataset', 'table', 'view', 'external_table'];

function findTypeProblem(input: unknown): string {
  const type = typeof input === 'object' && input !== null ? Reflect.get(input, 'type') : undefined;
  if (type === undefined || type === null) return `is missing, must be one of ${TYPES.join(', ')}`;
  const suggestion = toSuggestion(String(type), TYPES) || `, must be one of ${TYPES.join(', ')}`;
  return `is ${JSON.stringify(type)}${suggestion}`;
}

function wholeText() {
  return textLike(/^-?\d+$/, 'a whole number').meta({ type: ['integer', 'string'] });
}
