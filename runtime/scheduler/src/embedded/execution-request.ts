import { toEnvFile, toExecutorEnvironment } from '@optimus/compiler';
import {
  type ClaimedAttempt,
  type ExecutionRequest,
  type Log,
  listMaskedValues,
  type MadeRunContext,
  makeRunContext,
  OptimusError,
  type PluginInfo,
  type RunContext,
  type RunContextDeps,
  type RunStore,
} from '@optimus/domain';

/** What making the request for an attempt needs. */
export interface ExecutionRequestDeps {
  readonly context: RunContextDeps;
  readonly runs: Pick<RunStore, 'note'>;
  /** `host:port` at which the attempt reaches the server, with user-info when it needs a credential: a secret then. */
  readonly optimusHost: (attempt: ClaimedAttempt) => string;
  readonly log: Log;
}

/** A hook that its own condition says is not needed: there is nothing to start. */
export interface SkippedAttempt {
  readonly skipReason: string;
}

/** Compiles all that an executor needs to start the attempt. @throws OptimusError as `makeRunContext`, and `PLUGIN_NOT_FOUND` */
export async function makeExecutionRequest(
  deps: ExecutionRequestDeps,
  attempt: ClaimedAttempt,
): Promise<ExecutionRequest | SkippedAttempt> {
  const made = await makeRunContext(deps.context, attempt);
  await noteWarnings(deps, attempt, made.context.warnings);
  const { skipReason } = made.context;
  return skipReason === undefined ? toRequest(deps, attempt, made) : { skipReason };
}

async function toRequest(
  deps: ExecutionRequestDeps,
  attempt: ClaimedAttempt,
  made: MadeRunContext,
): Promise<ExecutionRequest> {
  const host = deps.optimusHost(attempt);
  const { resource, kubernetes } = made.job.spec.metadata;
  const plugin = await getPlugin(deps.context, attempt);
  const secretFile = findSecretFile(plugin, made);
  return {
    attemptId: attempt.attemptId,
    fence: attempt.fence,
    image: plugin.image,
    env: toEnvironment(made, attempt, host),
    files: toFiles(made.context),
    secrets: [
      ...listMaskedValues(made),
      ...listCredentials(host),
      ...(secretFile === undefined ? [] : [secretFile.text]),
    ],
    labels: {
      project: attempt.project,
      namespace: attempt.namespace,
      job: attempt.job,
      instance: attempt.instance.name,
    },
    ...(resource && { resources: resource }),
    ...(kubernetes && { serviceAccount: kubernetes.serviceAccount }),
    ...(plugin.entrypoint && { entrypoint: plugin.entrypoint }),
    ...(secretFile && { secretFile }),
  };
}

/** A plugin that wants a file and has no secret finds none: that is its own error to tell. */
function findSecretFile(
  { secretPath }: PluginInfo,
  { pluginSecret }: MadeRunContext,
): ExecutionRequest['secretFile'] {
  if (secretPath === '' || pluginSecret === undefined) return undefined;
  return { path: secretPath, text: pluginSecret };
}

/** More of them would make listings of runs unreadable; a context that is asked for tells them all. */
const MOST_NOTED = 3;

/** Whoever looks at the run is to see why a value is `<no value>`, whether the task fails by it or not. */
async function noteWarnings(
  { runs, log }: ExecutionRequestDeps,
  attempt: ClaimedAttempt,
  warnings: readonly string[],
): Promise<void> {
  if (warnings.length === 0) return;
  for (const warning of warnings) {
    log.warn('a context has a gap', { job: attempt.job, attempt: attempt.attemptId, warning });
  }
  const more = warnings.length > MOST_NOTED ? [`and ${warnings.length - MOST_NOTED} more`] : [];
  await runs.note(attempt, [...warnings.slice(0, MOST_NOTED), ...more].join('; '));
}

/** User-info and its password alone, as programs take it apart. */
function listCredentials(host: string): readonly string[] {
  const end = host.lastIndexOf('@');
  if (end === -1) return [];
  const userInfo = host.slice(0, end);
  return [userInfo, userInfo.slice(userInfo.indexOf(':') + 1)];
}

async function getPlugin(
  { plugins }: RunContextDeps,
  { instance, job }: ClaimedAttempt,
): Promise<PluginInfo> {
  const info = await plugins.find(instance.type, instance.name);
  if (info) return info;
  throw new OptimusError('PLUGIN_NOT_FOUND', {
    message: `job "${job}" needs the ${instance.type} plugin "${instance.name}", which is not installed on the server`,
    hint: 'install it into a folder of plugin.dirs',
    fields: { job, plugin: instance.name },
  });
}

/** Variables of the contract win over configuration of the same name: a task that cannot find its server cannot do anything. */
function toEnvironment(
  { job, context }: MadeRunContext,
  { instance, scheduledAt }: ClaimedAttempt,
  host: string,
): Readonly<Record<string, string>> {
  return {
    ...context.envs,
    ...context.secrets,
    ...toExecutorEnvironment({ job, instance, scheduledAt, host }),
  };
}

function toFiles({ envs, secrets, files }: RunContext): Readonly<Record<string, string>> {
  return { ...files, '.env': toEnvFile(envs), '.secret': toEnvFile(secrets) };
}
