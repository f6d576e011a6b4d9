import { apiKey, neoJob } from '../neo-job.ts';
import type { OptimusCli } from '../optimus-cli.ts';

/** Makes the client's project, the secret and the job, and deploys: every command is one that a user types. */
export async function createJob(optimus: OptimusCli, host: string): Promise<void> {
  await optimus.run(toInitCommand(host));
  await optimus.run(['project', 'register', '--with-namespaces']);
  // The task reads its key as JSON, hence the quotes in the value.
  await optimus.run(['secret', 'set', neoJob.secret, JSON.stringify(apiKey)]);
  await optimus.run(toCreateCommand());
  await optimus.run(['deploy']);
}

function toInitCommand(host: string): readonly string[] {
  return ['init', '--host', host, '--project-name', neoJob.project, '--namespace', neoJob.namespace];
}

function toCreateCommand(): readonly string[] {
  const answers = {
    '--dir': neoJob.name,
    '--name': neoJob.name,
    '--owner': neoJob.owner,
    '--task': neoJob.task,
    '--start-date': neoJob.startDate,
    '--end-date': neoJob.endDate,
    '--interval': neoJob.interval,
    '--window': 'daily',
  };
  const pluginAnswers = ['--answer', 'Start={{.DSTART}}', '--answer', 'End={{.DEND}}'];
  return ['job', 'create', ...Object.entries(answers).flat(), '--catch-up', ...pluginAnswers];
}
