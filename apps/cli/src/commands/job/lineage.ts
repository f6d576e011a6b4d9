import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { describeLineage } from '../../inspection/describe-lineage.ts';
import { toLineageDocument } from '../../inspection/lineage-document.ts';
import { printDocument } from '../../output/print-listing.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job lineage`: what the columns of a job are computed from, and where one of them comes from or goes to. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const form = flags.choice('output', ['text', 'yaml', 'json'] as const) ?? 'text';
  const direction = flags.choice('direction', ['upstream', 'downstream'] as const) ?? 'upstream';
  const request = {
    jobName,
    versionNumber: flags.count('version', 1) ?? 0,
    column: flags.text('column') ?? '',
    direction,
    depth: flags.count('depth', 1) ?? 0,
  };
  const answer = await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.JobLineageService.method.getJobLineage, { projectName: project, ...request }),
  );
  if (form === 'text') for (const line of describeLineage(answer, request)) terminal.print(line);
  else await printDocument(invocation, toLineageDocument(answer));
}
