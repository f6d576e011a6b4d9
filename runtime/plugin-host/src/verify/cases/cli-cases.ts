import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { NamedValue, PluginAnswer, PluginQuestion } from '@optimus/domain';
import { CLIModService, GetQuestionsRequestSchema } from '@optimus/proto/plugins';
import {
  fromNamedValues,
  fromQuestion,
  options,
  toAnswer,
  toCompileAssetsRequest,
} from '../../catalog/mod-messages.ts';
import type { ConformanceCase, Finding } from '../conformance-case.ts';
import {
  findAssetsProblem,
  findConfigProblem,
  findQuestionsProblem,
  flattenQuestions,
} from '../judge-answers.ts';
import { type SampleJob, sampleAnswer, sampleCompileRequest } from '../sample-requests.ts';
import type { Reply, VerifiedPlugin } from '../verified-plugin.ts';

type Case = ConformanceCase<VerifiedPlugin>;

const { getQuestions, validateQuestion, defaultConfig, defaultAssets, compileAssets } = CLIModService.method;
const service = 'cli';
const request = { jobName: 'verify', options };

async function askQuestions(plugin: VerifiedPlugin, message: typeof request | Buffer = request) {
  const { questions } = await plugin.get({ method: getQuestions, service, request: message });
  return questions.map(fromQuestion);
}

/** Of a mod that the plugin does not declare there is nothing to check. */
function ofCli(check: (plugin: VerifiedPlugin) => Promise<Finding>): Case['check'] {
  return async (plugin) => {
    await plugin.findDialect();
    return plugin.declares('cli') ? check(plugin) : { skipped: 'it has no cli mod' };
  };
}

const toFinding = (failed: string | undefined): Finding => (failed === undefined ? undefined : { failed });

const questionsCase: Case = {
  id: 'cli.questions',
  expects: 'asks questions with names of their own, whose defaults and follow-ups are answers one can give',
  mend: 'give every question a name that no other has, sub-questions included',
  check: ofCli(async (plugin) => toFinding(findQuestionsProblem(await askQuestions(plugin)))),
};

const answersCase: Case = {
  id: 'cli.answers',
  expects: 'accepts the defaults of its questions, and says why when it refuses an answer',
  mend: 'answer ValidateQuestion with success, or with an error that tells the person what to type',
  check: ofCli(async (plugin) => {
    for (const question of flattenQuestions(await askQuestions(plugin))) {
      const failed = await findAnswersProblem(plugin, question);
      if (failed !== undefined) return { failed };
    }
    return undefined;
  }),
};

async function findAnswersProblem(
  plugin: VerifiedPlugin,
  question: PluginQuestion,
): Promise<string | undefined> {
  for (const value of new Set([question.default, question.choices[0] ?? '', ''])) {
    const { success, error } = await validate(plugin, { question, value });
    if (success) continue;
    if (error === '') return `refuses "${value}" for "${question.name}" without a word`;
    if (value !== '' && value === question.default)
      return `refuses the default of "${question.name}": ${error}`;
  }
  return undefined;
}

function validate(plugin: VerifiedPlugin, answer: PluginAnswer) {
  return plugin.get({ method: validateQuestion, service, request: { answer: toAnswer(answer), options } });
}

async function sampleAnswers(plugin: VerifiedPlugin): Promise<readonly PluginAnswer[]> {
  return (await askQuestions(plugin)).map(sampleAnswer);
}

type Fill = (
  plugin: VerifiedPlugin,
  answers: readonly PluginAnswer[],
) => Promise<Reply<readonly NamedValue[]>>;

const fillConfig: Fill = async (plugin, answers) => {
  const message = { answers: answers.map(toAnswer), options };
  const reply = await plugin.ask({ method: defaultConfig, service, request: message });
  return reply.kind === 'refusal'
    ? reply
    : { ...reply, message: fromNamedValues(reply.message.config?.configs) };
};

const fillAssets: Fill = async (plugin, answers) => {
  const message = { answers: answers.map(toAnswer), options };
  const reply = await plugin.ask({ method: defaultAssets, service, request: message });
  return reply.kind === 'refusal'
    ? reply
    : { ...reply, message: fromNamedValues(reply.message.assets?.assets) };
};

/** Asked twice with answers and once without; a refusal has its reasons, but must have a text. */
async function checkFill(
  plugin: VerifiedPlugin,
  fill: Fill,
  judge: (values: readonly NamedValue[]) => string | undefined,
): Promise<Finding> {
  const answers = await sampleAnswers(plugin);
  const first = await fill(plugin, answers);
  const again = await fill(plugin, answers);
  const empty = await fill(plugin, []);
  const wordless = [first, again, empty].find((reply) => reply.kind === 'refusal' && reply.text === '');
  if (wordless !== undefined) return { failed: 'refuses without a word' };
  if (JSON.stringify(first) !== JSON.stringify(again))
    return { failed: 'gives something else for the same answers' };
  return toFinding(first.kind === 'answer' ? judge(first.message) : undefined);
}

const configCase: Case = {
  id: 'cli.config',
  expects: 'makes the same configuration of the same answers, each value under a name of its own',
  mend: 'let DefaultConfig depend on the answers alone, and name every value once',
  check: ofCli((plugin) => checkFill(plugin, fillConfig, findConfigProblem)),
};

const assetsCase: Case = {
  id: 'cli.assets',
  expects: 'makes the same assets of the same answers, each a file within the folder of the job',
  mend: 'let DefaultAssets depend on the answers alone, and name every asset once, without .. and not from / on',
  check: ofCli((plugin) => checkFill(plugin, fillAssets, findAssetsProblem)),
};

async function readSampleJob(plugin: VerifiedPlugin): Promise<SampleJob> {
  const answers = await sampleAnswers(plugin);
  const [config, assets] = [await fillConfig(plugin, answers), await fillAssets(plugin, answers)];
  return {
    config: config.kind === 'answer' ? config.message : [],
    assets: assets.kind === 'answer' ? assets.message : [],
  };
}

const compileCase: Case = {
  id: 'cli.compile',
  expects: 'compiles the assets of a job of its own making to files within the folder of the job',
  mend: 'give back every asset under its name, with the text that the run is to have',
  check: ofCli(async (plugin) => {
    const message = toCompileAssetsRequest(sampleCompileRequest(await readSampleJob(plugin)));
    const reply = await plugin.ask({ method: compileAssets, service: 'compileAssets', request: message });
    if (reply.kind === 'refusal') return reply.text === '' ? { failed: 'refuses without a word' } : undefined;
    return toFinding(findAssetsProblem(fromNamedValues(reply.message.assets?.assets)));
  }),
};

const emptyCase: Case = {
  id: 'cli.compile-empty',
  expects: 'compiles a job that has neither configuration nor assets, or says why it cannot',
  mend: 'take every part of CompileAssets to be empty at times',
  check: ofCli(async (plugin) => {
    const message = {
      configs: {},
      assets: {},
      window: { size: {}, offset: {} },
      instanceSchedule: {},
      startTime: {},
      endTime: {},
      options,
    };
    const reply = await plugin.ask({ method: compileAssets, service: 'compileAssets', request: message });
    return reply.kind === 'refusal' && reply.text === '' ? { failed: 'refuses without a word' } : undefined;
  }),
};

const unknownFieldCase: Case = {
  id: 'cli.unknown-fields',
  expects: 'passes over fields that a newer host sends',
  mend: 'parse messages as protocol buffers do: an unknown field is no error',
  check: ofCli(async (plugin) => {
    const usual = await askQuestions(plugin);
    const asked = await askQuestions(plugin, createFutureRequest());
    const isSame = JSON.stringify(asked) === JSON.stringify(usual);
    return isSame
      ? undefined
      : { failed: 'asks other questions when the request has a field it does not know' };
  }),
};

const unheardOfField = 1000;

function createFutureRequest(): Buffer {
  const message = create(GetQuestionsRequestSchema, request);
  const data = new BinaryWriter().string('of the future').finish();
  message.$unknown = [{ no: unheardOfField, wireType: WireType.LengthDelimited, data }];
  return Buffer.from(toBinary(GetQuestionsRequestSchema, message));
}

/** The mod that asks, checks, fills in and compiles. */
export const cliCases = [
  questionsCase,
  answersCase,
  configCase,
  assetsCase,
  compileCase,
  emptyCase,
  unknownFieldCase,
] as const;
