import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { readInstanceRequest } from '../../run-input/read-request.ts';
import { toRunInput, writeRunInput } from '../../run-input/write-run-input.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus admin build instance`, as wrapped images call it. */
export async function run(invocation: Invocation): Promise<void> {
  const request = readInstanceRequest(invocation);
  const { context } = await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, (session) =>
    session.client.read(core.JobRunService.method.registerInstance, {
      projectName: session.project,
      ...request,
    }),
  );
  await writeRunInput(invocation, toRunInput(context));
}
