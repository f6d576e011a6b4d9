import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { compileRunContext } from '@optimus/compiler';
import { OptimusError, parseNamespaceName, parseProjectName, renderJob } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { withPlugins } from '../../plugins/client-plugins.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { listSecretNames } from '../../render/list-secret-names.ts';
import { fromRenderAnswer, type RenderedRun, toRenderedRun } from '../../render/rendered-run.ts';
import { writeRenderedRun } from '../../render/write-rendered-run.ts';
import { findLocalJob, type LocalJob, readRepository } from '../../repository/local-repository.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';

/** `optimus job render`: what a run would see, compiled here or on the server; secrets are masked in both. */
export function run(invocation: Invocation): Promise<void> {
  const { args, flags } = invocation;
  // Without a name a person at the terminal is asked.
  if (args.length === 0 && flags.text('select') === undefined) return show(invocation);
  const isDeployed = flags.isSet('server') && !flags.isSet('undeployed');
  return showJobs(invocation, { scope: isDeployed ? 'deployed' : 'folder', form: 'text' }, show);
}

async function show(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const form = flags.choice('output', ['dir', 'json'] as const) ?? 'dir';
  const rendered = await (flags.isSet('server') ? renderOnServer(invocation) : renderHere(invocation));
  for (const { name, warnings } of rendered.instances) {
    const title = terminal.style('yellow', 'Warning:', 'stderr');
    for (const warning of warnings) terminal.note(`${title} ${name}: ${warning}`);
  }
  if (form === 'json') terminal.print(JSON.stringify(rendered, null, 2));
  else await writeRenderedRun(invocation, rendered);
}

async function renderHere(invocation: Invocation): Promise<RenderedRun> {
  const { repository, namespace, spec } = await chooseLocalJob(invocation);
  const { config, presets, computeWindow } = repository;
  const name = parseProjectName(config.project.name);
  const rendered = await withPlugins(invocation, (plugins) =>
    renderJob(
      { plugins, computeWindow, compileRunContext },
      {
        spec,
        project: { name, config: config.project.config, presets },
        namespace: { project: name, name: parseNamespaceName(namespace.name), config: namespace.config },
        secretNames: listSecretNames(spec),
        scheduledAt: invocation.flags.instant('scheduled-at'),
        now: invocation.terminal.now(),
      },
    ),
  );
  return toRenderedRun(spec.name, rendered);
}

async function chooseLocalJob(invocation: Invocation): Promise<LocalJob> {
  const repository = await readRepository(invocation);
  const [given] = invocation.args;
  if (given !== undefined) return findLocalJob(repository, given);
  const names = repository.namespaces.flatMap(({ jobs }) => jobs.map(({ spec }): string => spec.name));
  const prompter = new Prompter(invocation.terminal);
  if (!prompter.isInteractive || names.length === 0) throw missingJob();
  const question = { flag: 'job', valueHint: '<job>', message: 'Select a Job', choices: names.toSorted() };
  return findLocalJob(repository, await prompter.choice(question));
}

/** The deployed job, or with `--undeployed` the one of this folder, deployed or not. */
async function renderOnServer(invocation: Invocation): Promise<RenderedRun> {
  const { args, flags } = invocation;
  const local = flags.isSet('undeployed') ? await chooseLocalJob(invocation) : undefined;
  const jobName = local?.spec.name ?? args[0];
  if (jobName === undefined) throw missingJob();
  const scheduledAt = flags.instant('scheduled-at');
  const answer = await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, async (session) =>
    session.client.read(core.JobRunService.method.renderJob, {
      projectName: session.project,
      namespaceName: local?.namespace.name ?? (await getDeployedJob(session, jobName)).namespace,
      jobName,
      ...(local && { spec: toSpecMessage(local.spec) }),
      ...(scheduledAt && { scheduledAt: timestampFromDate(scheduledAt) }),
    }),
  );
  return fromRenderAnswer(jobName, answer);
}

function missingJob(): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: 'no job is named',
    hint: 'name one: optimus job render <job>',
    fields: { flag: 'job' },
  });
}
