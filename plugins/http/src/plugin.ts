import type { HookPlugin, Question } from '@optimus/plugin-sdk';
import packageJson from '../package.json' with { type: 'json' };

const moments = {
  pre: 'before the task',
  post: 'after the task has succeeded',
  fail: 'when the job has failed',
} as const;

const body: Question = {
  name: 'Body',
  prompt: 'What is to be sent?',
  help: 'JSON or any other text; macros and secrets are replaced',
  default: '{"from":"{{.DSTART}}","to":"{{.DEND}}"}',
};

const questions: ReadonlyArray<Question> = [
  { name: 'URL', prompt: 'Which URL is to be called?', help: 'https://…; may hold macros and secrets' },
  {
    name: 'Method',
    prompt: 'By which method?',
    default: 'POST',
    multiselect: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'],
    subQuestions: ['POST', 'PUT', 'PATCH'].map((ifValue) => ({ ifValue, questions: [body] })),
  },
];

/**
 * Calls a URL at one moment of a job. A plugin says of itself when it runs, so there are three, of one image: `http-pre`,
 * `http-post` and `http-fail`.
 */
export function createHttpPlugin(hookType: keyof typeof moments): HookPlugin {
  return {
    name: `http-${hookType}`,
    description: `Calls a URL ${moments[hookType]}`,
    type: 'hook',
    hookType,
    version: packageJson.version,
    image: `optimus-hook-http-executor:${packageJson.version}`,
    cli: {
      getQuestions: () => questions,
      validateQuestion: ({ question, value }) =>
        question.name === 'URL' ? findUrlProblem(value) : undefined,
      defaultConfig: ({ answers: { URL: url = '', Method: method = 'POST', Body: text = '' } }) => ({
        HTTP_URL: url,
        HTTP_METHOD: method,
        ...(text === '' ? {} : { HTTP_BODY: text }),
      }),
    },
  };
}

/** Only its beginning can be told: the rest may be macros. */
function findUrlProblem(url: string): string | undefined {
  return /^(https?:\/\/.|\{\{)/i.test(url) ? undefined : 'write a URL that begins with https:// or http://';
}
