import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inheritedSchema, jobSchema } from '../job/job-schema.ts';
import { resourceSchema } from '../resource/resource-schema.ts';
import { mutate } from '../testing/mutate.ts';
import { createRandom } from '../testing/random.ts';
import { FIXTURES, readFixture } from '../testing/read-fixture.ts';
import { toJsonSchema } from './json-schema.ts';
import { parseYaml } from './parse-yaml.ts';

const RESOURCES = [
  'version: 1\nname: data.orders\ntype: dataset\nlabels: { a: b }\nspec: { description: x, table_expiration: 24 }\n',
  `version: 1
name: data.orders.daily
type: table
spec:
  schema:
    - { name: id, type: INTEGER, mode: required }
    - { name: address, type: RECORD, mode: repeated, schema: [{ name: city, type: STRING }] }
  partition: { field: day, type: DAY, expiration: 24 }
  cluster: { using: [id] }
  expiration_time: 2024-01-01T00:00:00Z
`,
  'version: 1\nname: data.orders.view\ntype: view\nspec: { view_query: select 1 }\n',
  'version: 1\nname: data.orders.sheet\ntype: external_table\nspec: { schema: [{ name: a, type: STRING }], source: { type: GOOGLE_SHEETS, uris: [x], config: { skip_leading_rows: 1 } } }\n',
];

const LANGUAGES = [
  { title: 'job.yaml', schema: jobSchema, good: FIXTURES.map(readFixture) },
  { title: 'this.yaml', schema: inheritedSchema, good: ['owner: x\nlabels: { a: 1 }\nversion: 2\n'] },
  { title: 'resource.yaml', schema: resourceSchema, good: RESOURCES },
] as const;

/** Problems of form alone, which a schema can tell without code. */
const FORM =
  /unknown key|is a list, must|is a map, must|, must be (one of|true or false|a list|a map)|^\S+ is "[^"]*", did you mean/;

describe.each(LANGUAGES)('the schema of $title', ({ title, schema, good }) => {
  const validate = new Ajv2020({ strict: false }).compile(toJsonSchema(schema, { title }));
  const isValid = (text: string) => validate(parse(text, { merge: true, logLevel: 'silent' }) ?? {});
  const problemsOf = (text: string) => {
    const parsed = parseYaml({ file: 'f', text }, schema);
    return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
  };

  it.each(good)('and the validator accept what is good: %#', (text) => {
    expect(problemsOf(text)).toEqual([]);
    expect(isValid(text), JSON.stringify(validate.errors)).toBe(true);
  });

  it('and the validator agree on a thousand broken ones: what one refuses for its form, the other does', () => {
    const random = createRandom(7);
    const verdicts = Array.from({ length: 1_000 }, () =>
      mutate(good[random.below(good.length)] ?? '', random),
    )
      .filter(isReadable)
      .map((text) => ({ text, isValid: isValid(text), problems: problemsOf(text) }));
    expect(verdicts.filter(({ isValid: isGood, problems }) => !isGood && problems.length === 0)).toEqual([]);
    const isAgainstForm = ({ problems }: { readonly problems: readonly string[] }) =>
      problems.some((problem) => FORM.test(problem));
    expect(verdicts.filter((verdict) => verdict.isValid && isAgainstForm(verdict))).toEqual([]);
    expect(verdicts.filter(isAgainstForm).length).toBeGreaterThan(50);
  });
});

function isReadable(text: string): boolean {
  try {
    parse(text, { merge: true, logLevel: 'silent' });
    return true;
  } catch {
    return false;
  }
}

describe('a resource', () => {
  it.each([
    ['type: tabel', 'type is "tabel", did you mean "table"?'],
    ['type: 5', 'type is "5", must be one of dataset, table, view, external_table'],
    ['labels: {}', 'type is missing, must be one of dataset, table, view, external_table'],
  ])('says which types there are: %s', (line, problem) => {
    const parsed = parseYaml({ file: 'f', text: `version: 1\nname: a.b\n${line}\n` }, resourceSchema);
    expect(parsed).toMatchObject({ ok: false, problems: [{ message: problem }] });
  });

  it('suggests the keys of its columns, at any depth', () => {
    const text = (RESOURCES[1] ?? '').replace('name: city', 'nmae: city');
    expect(parseYaml({ file: 'f', text }, resourceSchema)).toMatchObject({
      problems: [{}, { message: 'unknown key "nmae" in spec.schema.1.schema.0, did you mean "name"?' }],
    });
  });
});
