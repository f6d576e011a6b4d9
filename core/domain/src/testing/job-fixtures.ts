import { parseJobName } from '../job/job-name.ts';
import type { JobSpec } from '../job/job-spec.ts';
import type { PluginInfo } from '../plugin/plugin.ts';
import type { ComputeWindow } from '../run/run-context.ts';

const DAY_MS = 86_400_000;

/** The week-long daily job of the source document, with the given parts replaced. */
export function makeJobSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return {
    version: 1,
    name: parseJobName('near-earth-objects'),
    owner: 'sky@example.io',
    description: '',
    labels: { orchestrator: 'optimus' },
    schedule: { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' },
    behavior: {
      dependsOnPast: false,
      catchUp: true,
      retry: { count: 0, delayMs: 0, exponentialBackoff: false },
      notify: [],
    },
    task: {
      name: 'neo',
      config: [{ name: 'RANGE_START', value: '{{.DSTART}}' }],
      window: { size: '24h', offset: '0', truncateTo: 'd' },
    },
    hooks: [],
    dependencies: [],
    metadata: {},
    assets: {},
    ...overrides,
  };
}

/** What a task plugin says of itself, with the given parts replaced. */
export function makePluginInfo(overrides: Partial<PluginInfo> = {}): PluginInfo {
  return {
    name: 'neo',
    kind: 'task',
    description: '',
    version: 'latest',
    mods: ['cli'],
    image: 'docker.io/odpf/optimus-task-neo-executor:latest',
    hookType: undefined,
    dependsOn: [],
    secretPath: '',
    ...overrides,
  };
}

/** The day before the tick's midnight. */
export const computeDayWindow: ComputeWindow = (_spec, scheduledAt) => {
  const end = Math.floor(scheduledAt.getTime() / DAY_MS) * DAY_MS;
  return { start: new Date(end - DAY_MS), end: new Date(end) };
};
