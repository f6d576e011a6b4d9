import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printDocument } from '../../output/print-listing.ts';
import { describeExplanation, toExplanationDocument } from '../../runs/describe-explanation.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job why`: the run that matters, unless told which. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const form = flags.choice('output', ['text', 'yaml', 'json'] as const) ?? 'text';
  const scheduledAt = flags.instant('scheduled-at');
  const answer = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.JobRunService.method.explainJobRun, {
      projectName: project,
      jobName,
      ...(scheduledAt && { scheduledAt: timestampFromDate(scheduledAt) }),
    }),
  );
  if (form === 'text') for (const line of describeExplanation(answer)) terminal.print(line);
  else await printDocument(invocation, toExplanationDocument(answer));
}
