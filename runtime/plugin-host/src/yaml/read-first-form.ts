import type { NamedValue, PluginInfo, PluginMod, PluginQuestion } from '@optimus/domain';
import type { AnswerRules, PluginDescription } from './plugin-description.ts';
import { readEntrypoint } from './read-entrypoint.ts';
import type { YamlFields, YamlValue } from './yaml-value.ts';

const rootFields = [
  'name',
  'description',
  'plugintype',
  'pluginversion',
  'image',
  'entrypoint',
  'apiversion',
  'dependson',
  'hooktype',
  'pluginmods',
  'questions',
  'defaultconfig',
  'defaultassets',
] as const;

const questionFields = [
  'name',
  'prompt',
  'help',
  'default',
  'multiselect',
  'subquestions',
  'regexp',
  'validationerror',
  'minlength',
  'maxlength',
  'required',
] as const;

type Root = YamlFields<(typeof rootFields)[number]>;
type QuestionRoot = YamlFields<(typeof questionFields)[number]>;

/** The form of 2022: one file says all that a binary used to, but for dependencies. */
export function readFirstForm(root: YamlValue): PluginDescription {
  const fields = root.asFields(rootFields);
  const rules = new Map<string, AnswerRules>();
  const questions = fields.list('questions').map((question) => readQuestion(question, rules));
  return {
    infos: [readInfo(fields)],
    needsProgram: readMods(fields).includes('dependencyresolver'),
    questions,
    rules,
    defaultConfig: fields.list('defaultconfig').map(readNamedValue),
    defaultAssets: fields.list('defaultassets').map(readNamedValue),
    destinationTemplate: undefined,
    assetSources: [],
  };
}

function readInfo(fields: Root): PluginInfo {
  const kind = fields.get('plugintype').asChoice(['task', 'hook']);
  for (const version of fields.list('apiversion')) version.asText();
  const entrypoint = fields.find('entrypoint');
  return {
    name: fields.get('name').asFilledText(),
    kind,
    description: fields.text('description'),
    version: fields.get('pluginversion').asFilledText(),
    // Dependencies are the business of a binary of the same name, which tells so itself.
    mods: ['cli'],
    image: fields.get('image').asFilledText(),
    hookType: kind === 'hook' ? fields.get('hooktype').asChoice(['pre', 'post', 'fail']) : undefined,
    dependsOn: fields.list('dependson').map((name) => name.asFilledText()),
    secretPath: '',
    ...(entrypoint && { entrypoint: readEntrypoint(entrypoint) }),
  };
}

function readMods(fields: Root): ReadonlyArray<PluginMod> {
  return fields.list('pluginmods').map((mod) => mod.asChoice(['cli', 'dependencyresolver']));
}

function readQuestion(value: YamlValue, rules: Map<string, AnswerRules>): PluginQuestion {
  const fields = value.asFields(questionFields);
  const name = fields.get('name').asFilledText();
  if (rules.has(name)) fields.get('name').fail(`is "${name}", as another question's is`);
  rules.set(name, readRules(fields));
  return {
    name,
    prompt: fields.text('prompt'),
    help: fields.text('help'),
    default: fields.text('default'),
    choices: fields.list('multiselect').map((choice) => choice.asText()),
    subQuestions: fields.list('subquestions').map((sub) => readSubQuestions(sub, rules)),
  };
}

function readSubQuestions(value: YamlValue, rules: Map<string, AnswerRules>) {
  const fields = value.asFields(['ifvalue', 'questions']);
  const questions = fields.get('questions').asList();
  return {
    ifValue: fields.get('ifvalue').asText(),
    questions: questions.map((question) => readQuestion(question, rules)),
  };
}

function readRules(fields: QuestionRoot): AnswerRules {
  const pattern = fields.find('regexp');
  const maxLength = fields.find('maxlength')?.asCount();
  return {
    required: fields.find('required')?.asFlag() ?? false,
    pattern: pattern === undefined || pattern.asText() === '' ? undefined : pattern.asPattern(),
    minLength: fields.find('minlength')?.asCount() ?? 0,
    // Zero is how Go writes that there is none.
    maxLength: maxLength === 0 ? undefined : maxLength,
    problem: fields.text('validationerror'),
  };
}

function readNamedValue(value: YamlValue): NamedValue {
  const fields = value.asFields(['name', 'value']);
  return { name: fields.get('name').asFilledText(), value: fields.text('value') };
}
