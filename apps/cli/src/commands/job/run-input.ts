import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { readInstanceRequest } from '../../run-input/read-request.ts';
import { toRunInput, writeRunInput } from '../../run-input/write-run-input.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job run-input`. */
export async function run(invocation: Invocation): Promise<void> {
  const request = readInstanceRequest(invocation);
  const input = await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.JobRunService.method.jobRunInput, { projectName: project, ...request }),
  );
  await writeRunInput(invocation, toRunInput(input));
}
