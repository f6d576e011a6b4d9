import { create, toBinary } from '@bufbuild/protobuf';
import {
  CompileAssetsRequestSchema,
  GenerateDependenciesRequestSchema,
  GenerateDestinationRequestSchema,
  PluginQuestionSchema,
} from '@optimus/proto/plugins';
import { expect, test } from 'vitest';
import { fromQuestion, toAnswer, toCompileAssetsRequest, toResolveRequest } from './mod-messages.ts';

const question = {
  name: 'Method',
  prompt: 'How?',
  help: 'see the guide',
  default: 'APPEND',
  choices: ['APPEND', 'MERGE'],
  subQuestions: [
    {
      ifValue: 'MERGE',
      questions: [{ name: 'Filter', prompt: '', help: '', default: '', choices: [], subQuestions: [] }],
    },
  ],
};

test('a question survives the way to the plugin and back, sub-questions included', () => {
  const message = create(PluginQuestionSchema, toAnswer({ question, value: 'MERGE' }).question);
  expect(fromQuestion(message)).toEqual(question);
});

const empty = {
  config: [],
  assets: [],
  window: { size: '', offset: '{{.X}}', truncateTo: '' },
  interval: { start: new Date('2026-01-01T00:00:00.000Z'), end: new Date('2026-01-01T00:00:00.250Z') },
  scheduledAt: new Date(0),
};

test('a request for assets carries every message, even with nothing in it', () => {
  const message = create(CompileAssetsRequestSchema, toCompileAssetsRequest(empty));
  expect(message).toMatchObject({ configs: {}, assets: {}, window: {}, options: {} });
  expect(Buffer.from(toBinary(CompileAssetsRequestSchema, message)).toString('hex')).toContain('c20200');
});

test('a window that is no duration is left to the other fields', () => {
  const { window } = create(CompileAssetsRequestSchema, toCompileAssetsRequest(empty));
  expect(window?.size).toBeUndefined();
  expect(window?.offset).toBeUndefined();
});

test.each([GenerateDestinationRequestSchema, GenerateDependenciesRequestSchema])(
  'a request of the resolver carries every message: $typeName',
  (schema) => {
    const secrets = [{ name: 'TASK_NEO', value: 'k' }];
    const project = { name: 'p', config: { A: '1' }, secrets };
    const request = toResolveRequest({ config: [], assets: [], project });
    expect(create(schema, request)).toMatchObject({
      config: {},
      assets: {},
      options: {},
      project: { name: 'p', config: { A: '1' }, secrets },
    });
  },
);
