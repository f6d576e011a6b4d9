import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDescription } from './read-description.ts';

const plugin = { name: 'bq2bq', path: '/plugins/optimus-plugin-bq2bq.yaml' };

const firstForm = `
name: bq2bq
description: Moves tables
plugintype: task
pluginversion: "0.1.0"
image: docker.io/example/bq2bq:0.1.0
entrypoint:
  script: |
    echo one
    python3 main.py
apiversion: [v1]
pluginmods: [cli, dependencyresolver]
questions:
  - name: PROJECT
    prompt: Project ID
    regexp: ^[a-zA-Z0-9_\\-]+$
    validationerror: letters only
    minlength: 3
    maxlength: 10
    required: true
  - name: LOAD_METHOD
    multiselect: [APPEND, MERGE]
    default: APPEND
    subquestions:
      - ifvalue: MERGE
        questions:
          - name: FILTER
defaultconfig:
  - { name: SQL_TYPE, value: STANDARD }
  - { name: DAY, value: "{{.DSTART}}" }
defaultassets:
  - name: query.sql
    value: select 1
`;

const secondForm = `
version: 2
name: bq2bq
description: Moves tables
destination_urn_template: "bigquery://<PROJECT>:<DATASET>.<TABLE>"
asset_parsers:
  bq:
    - filepath: ./query.sql
    - env: SQL_CONFIG
    - filepath: x.yaml
      selector: $.a
plugin_versions:
  default:
    image: example/bq2bq
    tag: v1
    entrypoint: { shell: /bin/bash, script: "python3 main.py" }
  "3.6": { tag: v0.3.5 }
default_config:
  SQL_TYPE: STANDARD
  RETRIES: 3
`;

const read = (text: string) => readDescription(text, plugin);

test('the first form says what a binary would', () => {
  const { infos, questions, defaultConfig, defaultAssets } = read(firstForm);
  expect(infos).toEqual([
    {
      name: 'bq2bq',
      kind: 'task',
      description: 'Moves tables',
      version: '0.1.0',
      mods: ['cli'],
      image: 'docker.io/example/bq2bq:0.1.0',
      hookType: undefined,
      dependsOn: [],
      secretPath: '',
      entrypoint: { shell: '/bin/sh', script: 'echo one; python3 main.py' },
    },
  ]);
  expect(questions.map(({ name, choices }) => [name, choices])).toEqual([
    ['PROJECT', []],
    ['LOAD_METHOD', ['APPEND', 'MERGE']],
  ]);
  expect(questions[1]?.subQuestions).toMatchObject([{ ifValue: 'MERGE', questions: [{ name: 'FILTER' }] }]);
  expect(defaultConfig).toEqual([
    { name: 'SQL_TYPE', value: 'STANDARD' },
    { name: 'DAY', value: '{{.DSTART}}' },
  ]);
  expect(defaultAssets).toEqual([{ name: 'query.sql', value: 'select 1' }]);
});

test('a hook has a type and may depend on others', () => {
  const text = 'name: n\nplugintype: hook\npluginversion: 1\nimage: i\nhooktype: POST\ndependson: [other]';
  expect(read(text).infos).toMatchObject([
    { kind: 'hook', hookType: 'post', dependsOn: ['other'], version: '1' },
  ]);
});

test('the second form serves as task and, after the task, as hook', () => {
  const { infos, destinationTemplate, assetSources, defaultConfig } = read(secondForm);
  expect(infos).toMatchObject([
    { kind: 'task', image: 'example/bq2bq:v1', version: 'v1', mods: ['cli', 'dependencyresolver'] },
    { kind: 'hook', hookType: 'post', entrypoint: { shell: '/bin/bash', script: 'python3 main.py' } },
  ]);
  expect(destinationTemplate).toBe('bigquery://<PROJECT>:<DATASET>.<TABLE>');
  expect(assetSources).toEqual([
    { parser: 'bq', file: './query.sql', configKey: undefined, selector: undefined },
    { parser: 'bq', file: undefined, configKey: 'SQL_CONFIG', selector: undefined },
    { parser: 'bq', file: 'x.yaml', configKey: undefined, selector: '$.a' },
  ]);
  expect(defaultConfig).toEqual([
    { name: 'SQL_TYPE', value: 'STANDARD' },
    { name: 'RETRIES', value: '3' },
  ]);
});

test.each([
  [
    'an unknown field',
    firstForm.replace('plugintype', 'plugintyp'),
    '4:1: unknown field "plugintyp", did you mean "plugintype"?',
  ],
  [
    'an unknown kind',
    firstForm.replace('task', 'tsk'),
    '4:13: plugintype is "tsk", did you mean "task"?, not task or hook',
  ],
  ['a missing field', firstForm.replace(/^image.*$/m, ''), '2:1: the file has no "image"'],
  ['an empty field', firstForm.replace(/^name: .*$/m, 'name: ""'), '2:7: name is empty'],
  [
    'no script',
    firstForm.replace(/ {2}script[^]*main.py\n/, '  shell: /bin/sh\n'),
    '8:3: entrypoint has no "script"',
  ],
  [
    'a broken pattern',
    firstForm.replace('^[a-zA-Z0-9_\\-]+$', '"["'),
    '16:13: questions[0].regexp is not a regular expression',
  ],
  [
    'a length that is none',
    firstForm.replace('minlength: 3', 'minlength: few'),
    '18:16: questions[0].minlength is not a whole number',
  ],
  [
    'a flag that is none',
    firstForm.replace('required: true', 'required: maybe'),
    '20:15: questions[0].required is neither true nor false',
  ],
  [
    'two questions of one name',
    firstForm.replace('LOAD_METHOD', 'PROJECT'),
    '21:11: questions[1].name is "PROJECT", as another',
  ],
  [
    'a text for a list',
    firstForm.replace('apiversion: [v1]', 'apiversion: v1'),
    '11:13: apiversion is not a list',
  ],
  [
    'a hook without a type',
    'name: n\nplugintype: hook\npluginversion: 1\nimage: i',
    '1:1: the file has no "hooktype"',
  ],
  ['a field twice', 'name: a\nname: b', '2:1: Map keys must be unique'],
  ['no YAML', 'name: [', 'optimus-plugin-bq2bq.yaml:1:'],
  [
    'another version',
    secondForm.replace('version: 2', 'version: 3'),
    '2:10: version is "3"; this server reads version 2',
  ],
  ['no default version', secondForm.replace('default:\n', 'usual:\n'), 'plugin_versions has no "default"'],
  [
    'a source of two kinds',
    secondForm.replace('- env: SQL_CONFIG', '- { env: A, filepath: b }'),
    '9:7: asset_parsers.bq[1] needs either "filepath" or "env"',
  ],
])('tells the place of %s', (_, text, problem) => {
  expect(() => read(text)).toThrow(problem);
  expect(() => read(text)).toThrow(`plugin bq2bq (${plugin.path}): ${plugin.path}:`);
});

test('the examples of the documentation are good', () => {
  const document = readFileSync(new URL('../../../../docs/plugins.md', import.meta.url), 'utf8');
  const examples = [...document.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => text);
  expect(examples.map((text) => read(text).infos[0]?.name)).toEqual(['copy-table', 'copy-table']);
});

test('refuses a file that cannot be one of ours for its size', () => {
  expect(() => read('#'.repeat(1024 * 1024 + 1))).toThrow('is larger than 1 MiB');
});
