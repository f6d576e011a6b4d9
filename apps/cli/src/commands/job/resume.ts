import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job resume`. */
export async function run(invocation: Invocation): Promise<void> {
  const [jobName = ''] = invocation.args;
  await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client, project }) =>
    client.write(core.JobRunService.method.resumeJob, { projectName: project, jobName }),
  );
  invocation.terminal.print(`job ${jobName} is resumed`);
}
