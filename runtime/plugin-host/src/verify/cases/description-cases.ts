import type { PluginInfo } from '@optimus/domain';
import type { FilePlugin } from '../../catalog/file-plugin.ts';
import { thisPlatform } from '../../inspection/inspect-plugin.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import {
  findAssetsProblem,
  findConfigProblem,
  findQuestionsProblem,
  flattenQuestions,
} from '../judge-answers.ts';
import { findHookProblem, findImageProblem, findNameProblem, findSecretPathProblem } from '../judge-info.ts';
import { sampleAnswer } from '../sample-requests.ts';

type Case = ConformanceCase<FilePlugin>;

/** Whether it can be read; without this there is nothing to look at. */
export const readableCase: Case = {
  id: 'file.readable',
  expects: 'is YAML of one of the two forms, without unknown fields, that nobody else can change',
  mend: 'correct the line',
  check(plugin) {
    plugin.describe();
    return undefined;
  },
};

function ofInfos(judge: (info: PluginInfo, file: string) => string | undefined): Case['check'] {
  return (plugin) => {
    const problems = plugin.describe().infos.map((info) => judge(info, plugin.file.path));
    const failed = problems.find((problem) => problem !== undefined);
    return failed === undefined ? undefined : { failed };
  };
}

const namesCase: Case = {
  id: 'info.names',
  expects: 'tells the name that its file has',
  mend: 'call the file as the plugin calls itself',
  check: ofInfos((info, file) => findNameProblem(file, info, thisPlatform)),
};

const imageCase: Case = {
  id: 'info.image',
  expects: 'names an image with its tag or digest',
  mend: 'write it as registry/name:tag',
  check: ofInfos(({ image }) => findImageProblem(image)),
};

const secretCase: Case = {
  id: 'info.secret',
  expects: 'wants its secret, if any, at an absolute path of the image',
  mend: 'write secretpath from / on and without ..',
  check: ofInfos(({ secretPath }) => findSecretPathProblem(secretPath)),
};

const hookCase: Case = {
  id: 'info.hook',
  expects: 'as a hook, depends on other hooks, each named once',
  mend: 'list in dependson the names of other hooks',
  check: ofInfos(findHookProblem),
};

const questionsCase: Case = {
  id: 'cli.questions',
  expects: 'asks questions with names of their own, whose defaults and follow-ups are answers one can give',
  mend: 'give every question a name that no other has, sub-questions included',
  check(plugin) {
    const failed = findQuestionsProblem(plugin.describe().questions);
    return failed === undefined ? undefined : { failed };
  },
};

const answersCase: Case = {
  id: 'cli.answers',
  expects: 'accepts the defaults of its questions',
  mend: 'choose a default that the rules of the question allow',
  async check(plugin) {
    for (const question of flattenQuestions(plugin.describe().questions)) {
      const answer = { question, value: question.default };
      const problem = question.default === '' ? undefined : await plugin.findAnswerProblem(answer);
      if (problem !== undefined) return { failed: `refuses the default of "${question.name}": ${problem}` };
    }
    return undefined;
  },
};

const configCase: Case = {
  id: 'cli.config',
  expects: 'fills in a configuration, each value under a name of its own',
  mend: 'name every value once',
  async check(plugin) {
    const answers = plugin.describe().questions.map(sampleAnswer);
    const failed = findConfigProblem(await plugin.getDefaultConfig(answers));
    return failed === undefined ? undefined : { failed };
  },
};

const assetsCase: Case = {
  id: 'cli.assets',
  expects: 'fills in assets, each a file within the folder of the job',
  mend: 'name every asset once, without .. and not from / on',
  check(plugin) {
    const failed = findAssetsProblem(plugin.describe().defaultAssets);
    return failed === undefined ? undefined : { failed };
  },
};

/** Of a plugin that a file describes. */
export const descriptionCases = [
  namesCase,
  imageCase,
  secretCase,
  hookCase,
  questionsCase,
  answersCase,
  configCase,
  assetsCase,
] as const;
