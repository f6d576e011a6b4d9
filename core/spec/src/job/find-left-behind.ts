import type { JobSpec } from '@optimus/domain';
import type { PathProblem } from '../yaml/yaml-file.ts';

/** Parts of a specification that the server keeps and does not act on yet. */
export function findLeftBehind({ behavior, task, hooks, metadata }: JobSpec): readonly PathProblem[] {
  const paths: (readonly PropertyKey[])[] = [];
  if (behavior.webhooks) paths.push(['behavior', 'webhook']);
  for (const [index, { on, severity, team }] of behavior.notify.entries()) {
    if (severity) paths.push(['behavior', 'notify', index, 'severity']);
    if (team) paths.push(['behavior', 'notify', index, 'team']);
    if (on === 'replay_lifecycle') paths.push(['behavior', 'notify', index, 'on']);
  }
  for (const [place, operator] of [
    [['task'], task] as const,
    ...hooks.map((hook, index) => [['hooks', index], hook] as const),
  ]) {
    if (operator.version) paths.push([...place, 'version']);
    if (operator.alert) paths.push([...place, 'alert']);
  }
  if (metadata.kubernetes) paths.push(['metadata', 'kubernetes', 'service_account']);
  return paths.map((path) => ({
    path,
    message: `${path.map(String).join('.')} is not acted on by this version`,
  }));
}
