import { beforeEach, describe, expect, it } from 'vitest';
import { deployJobs } from '../job/deploy-jobs.ts';
import { NO_RESOURCES } from '../job/job-edge.ts';
import { parseJobName } from '../job/job-name.ts';
import { registerNamespace } from '../namespace/register-namespace.ts';
import { parseProjectName } from '../project/project.ts';
import { registerProject } from '../project/register-project.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryPlugins,
  createInMemoryProjects,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec, makePluginInfo } from '../testing/job-fixtures.ts';
import type { PlannedRun } from './run.ts';
import { type RunJobsDeps, runJobs } from './run-jobs.ts';

const NOW = new Date('2022-09-19T12:34:56.789Z');
const SECOND = new Date('2022-09-19T12:34:56Z');
const job = makeJobSpec({ name: parseJobName('by_hand') });
const other = makeJobSpec({ name: parseJobName('another') });

let deps: RunJobsDeps;
let created: PlannedRun[];

beforeEach(async () => {
  created = [];
  const projects = createInMemoryProjects();
  const namespaces = createInMemoryNamespaces(projects);
  const create = async (run: PlannedRun): Promise<boolean> => {
    if (created.some(({ jobId }) => jobId === run.jobId)) return false;
    created.push(run);
    return true;
  };
  const world = { projects, namespaces, plugins: createInMemoryPlugins([makePluginInfo()]) };
  const common = { jobs: createInMemoryJobs(), computeWindow: computeDayWindow, now: () => NOW };
  deps = { ...world, ...common, runs: { create } };
  await registerProject({ ...world, ...common }, { name: 'space', config: {} });
  await registerNamespace(world, { project: 'space', name: 'sky', config: {} });
  const request = { project: 'space', namespace: 'sky', jobs: [job, other], isComplete: true, author: '' };
  const inferResources = async () => ({ ...NO_RESOURCES, problems: [] });
  await deployJobs(
    {
      ...world,
      ...common,
      others: { names: [] },
      findTemplateProblems: () => [],
      findMissingValues: () => [],
      inferResources,
    },
    request,
  );
});

const run = (jobs = [job]) => runJobs(deps, { project: 'space', namespace: 'sky', jobs });

describe('running jobs by hand', () => {
  it('makes a run of the deployed version at the present second', async () => {
    expect(await run()).toEqual([{ project: 'space', job: 'by_hand', scheduledAt: SECOND }]);
    const stored = await deps.jobs.find({ project: parseProjectName('space'), job: job.name });
    expect(created).toEqual([
      {
        jobId: stored?.id,
        versionId: stored?.versionId,
        scheduledAt: SECOND,
        window: computeDayWindow(job, SECOND),
        priority: 100_000,
      },
    ]);
  });

  it('refuses a job that differs from what is deployed, and runs none of the others', async () => {
    await expect(run([other, { ...job, owner: 'somebody else' }])).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      hint: expect.stringContaining('optimus deploy'),
    });
    expect(created).toEqual([]);
  });

  it('refuses a job that is not deployed', async () => {
    const unknown = makeJobSpec({ name: parseJobName('by_hnd') });
    await expect(run([unknown])).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('refuses a second run at one second', async () => {
    await run();
    await expect(run()).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });
});
