import type { Plugin } from '@optimus/plugin-sdk';
import packageJson from '../package.json' with { type: 'json' };

/** Tracks near-Earth objects: asks for a date range and hands it to an image that counts them. */
export const neo: Plugin = {
  name: 'neo',
  description: 'Near earth object tracker',
  type: 'task',
  version: packageJson.version,
  image: `optimus-task-neo-executor:${packageJson.version}`,
  cli: {
    getQuestions: () => [
      { name: 'Start', prompt: 'Date range start', help: 'YYYY-MM-DD format' },
      { name: 'End', prompt: 'Date range end', help: 'YYYY-MM-DD format' },
    ],
    // Answers are mostly macros such as {{.DSTART}}, so only their absence can be told here.
    validateQuestion: ({ value }) => (value === '' ? 'not a valid string' : undefined),
    defaultConfig: ({ answers }) => ({
      RANGE_START: answers['Start'] ?? '',
      RANGE_END: answers['End'] ?? '',
      SECRET_KEY: '{{.secret.neo_api_key}}',
    }),
    defaultAssets: () => ({}),
    compileAssets: ({ assets }) => assets,
  },
};
