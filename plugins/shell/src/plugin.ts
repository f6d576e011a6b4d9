import type { Entries, Plugin } from '@optimus/plugin-sdk';
import packageJson from '../package.json' with { type: 'json' };

const defaults = { Script: 'script.sh', Interpreter: 'sh' } as const;

/** Runs a script that travels with the job, with the job's configuration as its environment. */
export const shell: Plugin = {
  name: 'shell',
  description: 'Runs a shell script',
  type: 'task',
  version: packageJson.version,
  image: `optimus-task-shell-executor:${packageJson.version}`,
  cli: {
    getQuestions: () => [
      { name: 'Script', prompt: 'Name of the script', help: 'a file of assets/', default: defaults.Script },
      {
        name: 'Interpreter',
        prompt: 'What is it to be run by?',
        help: 'bash, where the image or the machine has it',
        default: defaults.Interpreter,
        multiselect: ['sh', 'bash'],
      },
    ],
    validateQuestion: ({ question, value }) =>
      question.name === 'Script' ? findFileNameProblem(value) : undefined,
    defaultConfig: ({ answers }) => ({
      SCRIPT: answers['Script'] ?? defaults.Script,
      INTERPRETER: answers['Interpreter'] ?? defaults.Interpreter,
    }),
    defaultAssets: ({ answers }) => ({ [answers['Script'] ?? defaults.Script]: toScript(answers) }),
  },
};

/** What keeps a name from being that of a plain file in `assets/`. */
function findFileNameProblem(name: string): string | undefined {
  return /^\w[\w.-]*$/.test(name)
    ? undefined
    : 'write a plain file name of letters, digits, dots, dashes and underscores, such as script.sh';
}

function toScript(answers: Entries): string {
  const interpreter = answers['Interpreter'] ?? defaults.Interpreter;
  const strict = interpreter === 'bash' ? 'set -euo pipefail' : 'set -eu';
  return `#!/usr/bin/env ${interpreter}
# The job's configuration is in the environment, its assets are in the working directory.
# A command that fails does not end the script. If it should: ${strict}

echo "from $DSTART to $DEND"
`;
}
