import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printDocument } from '../../output/print-listing.ts';
import { toPresetsDocument } from '../../presets/to-presets-document.ts';
import { fromPresetMessages } from '../../session/get-presets.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus project describe`. */
export async function run(invocation: Invocation): Promise<void> {
  const { project } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, (session) =>
    session.client.read(core.ProjectService.method.getProject, { projectName: session.project }),
  );
  const presets = toPresetsDocument(fromPresetMessages(project));
  await printDocument(invocation, {
    name: project?.name ?? '',
    config: project?.config ?? {},
    ...(Object.keys(presets).length > 0 && { presets }),
  });
}
