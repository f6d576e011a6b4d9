import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { findTick } from '../../session/find-run.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job logs`: the bytes as the task wrote them. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const follow = flags.isSet('follow');
  await withProject(invocation, { timeoutMs: follow ? undefined : SHORT_TIMEOUT_MS }, async (session) => {
    // A pager may read a long log for hours; what is followed may be silent for as long.
    const limits = follow ? {} : { eachWithinMs: SHORT_TIMEOUT_MS };
    const scheduledAt = await findTick(invocation, session, { jobName });
    const request = {
      projectName: session.project,
      jobName,
      scheduledAt: timestampFromDate(scheduledAt),
      instanceName: flags.text('instance') ?? '',
      attempt: flags.count('attempt', 1) ?? 0,
      follow,
    };
    const chunks = session.client.stream(core.JobRunService.method.getJobRunLog, request, limits);
    for await (const { data } of chunks) await write(terminal.stdout, data);
  });
}

/** Waits when the reader is slower than the server, so that a long log does not pile up in memory. */
async function write(stream: NodeJS.WriteStream, data: Uint8Array): Promise<void> {
  if (stream.write(data)) return;
  await new Promise((resolve) => stream.once('drain', resolve));
}
