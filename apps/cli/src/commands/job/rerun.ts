import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { formatInstant } from '../../output/format-instant.ts';
import { FINISHED, findTick } from '../../session/find-run.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job rerun`: the newest run that is over, unless told which. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const tick = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const scheduledAt = await findTick(invocation, session, { jobName, states: FINISHED });
    await session.client.write(core.JobRunService.method.rerunJobRun, {
      projectName: session.project,
      jobName,
      scheduledAt: timestampFromDate(scheduledAt),
      onlyFailed: flags.isSet('only-failed'),
      newestVersion: flags.isSet('newest'),
    });
    return scheduledAt;
  });
  terminal.print(`run ${formatInstant(tick)} of job ${jobName} runs again`);
}
