import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  findPluginSecret,
  getJob,
  getProject,
  type Job,
  type JobAddress,
  OptimusError,
  type ResolveRequest,
  splitAssets,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';

type JobTask = MessageInitShape<typeof core.JobTaskSchema>;

/** What a job's task is, what it writes and what it reads, as far as its plugin knows. @throws OptimusError `JOB_NOT_FOUND`, `PLUGIN_*` */
export async function describeJobTask(deps: ApiDeps, address: JobAddress): Promise<JobTask> {
  const job = await getJob(deps, address);
  const { name } = job.spec.task;
  const info = await deps.plugins.find('task', name);
  if (!info) throw toPluginNotFound(job);
  const { description, image, mods } = info;
  const resolved = mods.includes('dependencyresolver') ? await resolveTask(deps, job) : {};
  return { name, description, image, ...resolved };
}

async function resolveTask(deps: ApiDeps, job: Job): Promise<JobTask> {
  const request = await toResolveRequest(deps, job);
  const { name } = job.spec.task;
  const [urn, upstreams] = await Promise.all([
    deps.plugins.findDestination('task', name, request),
    deps.plugins.listDependencies('task', name, request),
  ]);
  return {
    ...(urn === undefined ? {} : { destination: toDestination(urn) }),
    dependencies: upstreams.map((dependency) => ({ dependency })),
  };
}

/** With the plugin's own secret, and none besides. */
async function toResolveRequest(deps: ApiDeps, { spec, project, namespace }: Job): Promise<ResolveRequest> {
  const [{ name, config }, values] = await Promise.all([
    getProject(deps, project),
    deps.secrets.readAll(project, namespace),
  ]);
  const secret = findPluginSecret(values, 'task', spec.task.name);
  const assets = Object.entries(splitAssets(spec.assets).texts).map(([asset, value]) => ({
    name: asset,
    value,
  }));
  return {
    jobName: spec.name,
    config: spec.task.config,
    assets,
    project: { name, config, secrets: secret ? [secret] : [] },
  };
}

function toDestination(urn: string): { type: string; destination: string } {
  const [type = '', ...rest] = urn.split('://');
  return rest.length === 0 ? { type: '', destination: urn } : { type, destination: rest.join('://') };
}

function toPluginNotFound({ spec }: Job): OptimusError {
  return new OptimusError('PLUGIN_NOT_FOUND', {
    message: `no task plugin "${spec.task.name}" is installed on the server`,
    hint: "install it in one of the server's plugin.dirs",
    fields: { job: spec.name, plugin: spec.task.name },
  });
}
