import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { formatInstant } from '../../output/format-instant.ts';
import { findTick } from '../../session/find-run.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job mark`: the newest run, unless told which. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const state = flags.choice('as', ['success', 'failed', 'skipped'] as const) ?? 'success';
  const tick = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const scheduledAt = await findTick(invocation, session, { jobName });
    await session.client.write(core.JobRunService.method.markJobRun, {
      projectName: session.project,
      jobName,
      scheduledAt: timestampFromDate(scheduledAt),
      state,
      message: flags.text('reason') ?? '',
    });
    return scheduledAt;
  });
  terminal.print(`run ${formatInstant(tick)} of job ${jobName} is marked as ${state}`);
}
