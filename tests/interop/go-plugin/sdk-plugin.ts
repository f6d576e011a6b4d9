// A plugin written with the SDK, for hosts in Go. What a call does is told by the job's name.
import {
  type CliMod,
  type DependencyResolverMod,
  type Logger,
  PluginError,
  servePlugin,
} from '@optimus/plugin-sdk';

console.log('printed while loading');

const mods = new Set((process.env['SAMPLE_MODS'] ?? 'cli,resolver').split(','));

const behaviours: Readonly<Record<string, (log: Logger) => unknown>> = {
  print: () => console.log('hello host'),
  throw: () => {
    throw new Error('dataset not found');
  },
  reject: () => Promise.reject(new Error('table not found')),
  status: () => {
    throw new PluginError('bad date', { code: 'INVALID_ARGUMENT' });
  },
  megabyte: () => {
    for (let line = 0; line < 10_000; line++) console.log('x'.repeat(100));
  },
  log: (log) => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const)
      log[level](`at ${level}`, { job: 'a' });
  },
};

const cli: CliMod = {
  async getQuestions({ jobName }, { log }) {
    await behaviours[jobName]?.(log);
    return [{ name: 'Q', prompt: jobName }];
  },
  validateQuestion: ({ value }) => (value === '' ? 'not a valid string' : undefined),
  defaultConfig: ({ answers }) => answers,
  compileAssets: ({ assets }) => assets,
};

const dependencyResolver: DependencyResolverMod = {
  generateDestination: ({ config }) => ({ type: 'bigquery', name: config['TABLE'] ?? '' }),
  generateDependencies: ({ project }) => [`bigquery://${project.name}`],
};

servePlugin({
  name: 'sample',
  type: 'task',
  description: 'Written with the SDK',
  version: '1.2.3',
  image: 'example.io/sample:1.2.3',
  ...(mods.has('cli') && { cli }),
  ...(mods.has('resolver') && { dependencyResolver }),
});

console.log('printed after serving');
