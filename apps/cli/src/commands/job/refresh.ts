import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { listSelected } from '../../selection/chosen-jobs.ts';
import { withProject } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job refresh`: what deployed jobs read and write is asked anew. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const isVerbose = flags.isSet('verbose');
  await withProject(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async (session) => {
    const { client, project } = session;
    const isSelecting = flags.text('select') !== undefined;
    const selected = isSelecting ? await listSelected(invocation, session, 'deployed') : [];
    let count = 0;
    const answers = client.stream(core.JobSpecificationService.method.refreshJobs, {
      projectName: project,
      namespaceNames: [...flags.texts('namespaces', { isList: true })],
      jobNames: [...flags.texts('jobs', { isList: true }), ...selected],
    });
    for await (const { success, jobName, message } of answers) {
      count += 1;
      if (!success) terminal.note(`${jobName}: ${message}`);
      else if (isVerbose || message !== 'nothing changed') terminal.print(`${jobName}: ${message}`);
    }
    terminal.print(`${count} ${count === 1 ? 'job is' : 'jobs are'} resolved anew`);
  });
}
