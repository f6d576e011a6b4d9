import path from 'node:path';
import { servePlugin } from '@optimus/plugin-sdk';

// A plugin that is called as its file is, so that many copies of it can live side by side.
const [, name = 'sample'] = /^optimus-([^_]+)_/.exec(path.basename(process.argv[1] ?? '')) ?? [];

servePlugin({
  name,
  type: 'task',
  description: 'Answers',
  version: '0.1.0',
  image: 'example.io/sample:0.1.0',
  cli: {
    getQuestions: ({ jobName }) => [{ name: 'Q', prompt: jobName }],
    defaultConfig: () => ({}),
  },
});
