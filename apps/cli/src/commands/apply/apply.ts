import { OptimusError } from '@optimus/domain';
import { findDigestMemory } from '../../change/digest-memory.ts';
import { noteJobWarnings, toRemarks } from '../../change/note-job-warnings.ts';
import { type ChangePlan, readPlan } from '../../change/plan-file.ts';
import { keepChanged, readServer, type ServerState } from '../../change/read-server.ts';
import { createRefusalError } from '../../change/refusal-error.ts';
import {
  compareRegistered,
  isRegistered,
  isSameRegistration,
  narrowTo,
  type Registered,
} from '../../change/registration.ts';
import { type Change, sendChange } from '../../change/send-change.ts';
import type { Invocation } from '../../command-line/command-spec.ts';
import { toPresetLines } from '../../session/register.ts';
import { withServer } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus apply`: exactly what was planned, or nothing. A plan that was made already, in whole or in part, is completed. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, terminal } = invocation;
  const plan = await readPlan(args[0] ?? '');
  await withServer(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async ({ client, target }) => {
    const { project } = plan;
    const memory = findDigestMemory(terminal, { server: target, project });
    const found = await readServer({ client, project, memory });
    const open = withoutMade(plan, found);
    if (countSteps(open) === 0) {
      terminal.print(`project ${plan.project}: the plan is made already`);
      return;
    }
    const options = { isPartial: false, isForced: plan.isForced, isDryRun: false };
    const { refusals, summary } = await sendChange({ client, project }, open, options).catch(
      (thrown: unknown) => {
        throw toStale(thrown);
      },
    );
    noteJobWarnings(toRemarks(summary?.warnings ?? []), { jobs: open.upserts, folder: undefined, terminal });
    if (refusals.length > 0)
      throw createRefusalError({
        refusals,
        upserts: open.upserts,
        folder: undefined,
        problems: [],
        outcome: 'nothing is changed',
      });
    keepChanged(memory, found, { ...open, summary });
    if (summary?.presetChange) for (const line of toPresetLines(summary.presetChange)) terminal.print(line);
    terminal.print(`project ${plan.project}: ${toOutcome(plan, open)}`);
  });
}

function toOutcome(plan: ChangePlan, open: Change): string {
  const made = countSteps({ ...plan, registration: plan.registration?.wanted }) - countSteps(open);
  return [
    ...(open.registration ? ['configuration registered'] : []),
    `${open.upserts.length} stored`,
    `${open.deletions.length} deleted`,
    ...(made === 0 ? [] : [`${made} made before`]),
  ].join(', ');
}

function countSteps({ upserts, deletions, registration }: Change): number {
  return upserts.length + deletions.length + (registration ? 1 : 0);
}

/** What is left of a plan: a change whose outcome is there needs no making. @throws OptimusError `VERSION_CONFLICT` when the configuration is neither what the plan found nor what it wants */
function withoutMade(plan: ChangePlan, { registered, stored }: ServerState): Change {
  const byName = new Map(stored.map((job) => [job.name, job]));
  return {
    registration: findOpenRegistration(plan, registered),
    upserts: plan.upserts.filter(({ namespace, spec, contentHash }) => {
      const job = byName.get(spec.name);
      return job?.contentHash !== contentHash || job.namespace !== namespace;
    }),
    deletions: plan.deletions.filter(({ name }) => byName.has(name)),
  };
}

function findOpenRegistration({ project, registration }: ChangePlan, registered: Registered | undefined) {
  if (!registration) return undefined;
  const { before, wanted } = registration;
  const open = compareRegistered(project, registered, wanted);
  if (open.length === 0) return undefined;
  if (isSameRegistration(before, narrowTo(wanted, registered))) return wanted;
  if (isRegistered(open)) return undefined;
  throw toStale(
    new OptimusError('VERSION_CONFLICT', {
      message: `the configuration of project "${project}" was changed by somebody else meanwhile`,
    }),
  );
}

function toStale(thrown: unknown): unknown {
  if (!(thrown instanceof OptimusError) || thrown.code !== 'VERSION_CONFLICT') return thrown;
  return new OptimusError('VERSION_CONFLICT', {
    message: `the plan is stale: ${thrown.message}`,
    hint: 'nothing is changed; plan again with: optimus plan -o FILE',
    cause: thrown,
  });
}
