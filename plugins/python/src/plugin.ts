import type { Plugin } from '@optimus/plugin-sdk';
import packageJson from '../package.json' with { type: 'json' };

const defaultScript = 'main.py';

const program = `import os

# The job's configuration is in the environment, its assets are in the working directory.
print("from", os.environ["DSTART"], "to", os.environ["DEND"])
`;

const requirements = `# What the program imports, one requirement a line, such as requests==2.32.5
`;

/** Runs a Python program that travels with the job, after installing what it requires. */
export const python: Plugin = {
  name: 'python',
  description: 'Runs a Python program',
  type: 'task',
  version: packageJson.version,
  image: `optimus-task-python-executor:${packageJson.version}`,
  cli: {
    getQuestions: () => [
      { name: 'Script', prompt: 'Name of the program', help: 'a file of assets/', default: defaultScript },
    ],
    validateQuestion: ({ value }) =>
      /^\w[\w.-]*\.py$/.test(value) ? undefined : 'write a plain file name that ends in .py, such as main.py',
    defaultConfig: ({ answers }) => ({ SCRIPT: answers['Script'] ?? defaultScript }),
    defaultAssets: ({ answers }) => ({
      [answers['Script'] ?? defaultScript]: program,
      'requirements.txt': requirements,
    }),
  },
};
