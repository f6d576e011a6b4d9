import {
  type Job,
  type JobSpec,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  type RunContextInput,
} from '@optimus/domain';

const project = parseProjectName('lake');
const namespace = parseNamespaceName('space');

const spec: JobSpec = {
  version: 1,
  name: parseJobName('asteroids'),
  owner: 'ada@example.com',
  description: '',
  labels: {},
  schedule: { startDate: '2022-09-18', interval: '0 2 * * *' },
  behavior: {
    dependsOnPast: false,
    catchUp: true,
    retry: { count: 0, delayMs: 0, exponentialBackoff: false },
    notify: [],
  },
  task: {
    name: 'neo',
    config: [
      { name: 'RANGE_START', value: '{{.DSTART}}' },
      { name: 'RANGE_END', value: ' {{.DEND | Date}} ' },
      { name: 'SECRET_KEY', value: '{{.secret.neo_api_key}}' },
    ],
    window: { size: '24h', offset: '0', truncateTo: 'd' },
  },
  hooks: [],
  dependencies: [],
  metadata: {},
  assets: {},
};

/** A deployed job of the tests; `changes` replace parts of its specification. */
export function createJob(changes: Partial<JobSpec> = {}): Job {
  return Object.freeze({
    id: '0191e0b0-0000-7000-8000-000000000001',
    project,
    namespace,
    spec: { ...spec, ...changes },
    versionId: 'version-1',
    versionNumber: 1,
    contentHash: 'hash',
    updatedAt: new Date('2022-09-18T00:00:00Z'),
  });
}

/** What the first run of the tests' job is compiled from. */
export function createInput(
  changes: Partial<RunContextInput> = {},
  specChanges: Partial<JobSpec> = {},
): RunContextInput {
  return {
    job: createJob(specChanges),
    project: { name: project, config: { BUCKET: 'project-bucket', REGION: 'eu' } },
    namespace: { project, name: namespace, config: { BUCKET: 'team-bucket' } },
    secrets: { neo_api_key: '{"key":"s3cr\'t"}' },
    window: { start: new Date('2022-09-18T00:00:00Z'), end: new Date('2022-09-19T00:00:00Z') },
    scheduledAt: new Date('2022-09-19T02:00:00Z'),
    executionTime: new Date('2022-09-19T02:00:03.25Z'),
    instance: { type: 'task', name: 'neo' },
    assets: {},
    ...changes,
  };
}
