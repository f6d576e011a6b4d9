import { OptimusError } from '@optimus/domain';
import type { StoredJob } from '../../change/compare-jobs.ts';
import { type ChangePlan, readPlan } from '../../change/plan-file.ts';
import { createRefusalError, readStoredJobs, sendChange } from '../../change/send-change.ts';
import type { Invocation } from '../../command-line/command-spec.ts';
import { withServer } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus apply`: exactly what was planned, or nothing. A plan that was made already, in whole or in part, is completed. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, terminal } = invocation;
  const plan = await readPlan(args[0] ?? '');
  await withServer(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async ({ client }) => {
    const target = { client, project: plan.project };
    const open = withoutMade(plan, await readStoredJobs(client, plan.project));
    const made = plan.upserts.length + plan.deletions.length - open.upserts.length - open.deletions.length;
    if (open.upserts.length + open.deletions.length === 0) {
      terminal.print(`project ${plan.project}: the plan is made already`);
      return;
    }
    const options = { isPartial: false, isForced: plan.isForced, isDryRun: false };
    const { refusals } = await sendChange(target, open, options).catch((thrown: unknown) => {
      throw toStale(thrown);
    });
    if (refusals.length > 0) throw createRefusalError(refusals, open, options);
    const before = made === 0 ? '' : `, ${made} made before`;
    terminal.print(
      `project ${plan.project}: ${open.upserts.length} stored, ${open.deletions.length} deleted${before}`,
    );
  });
}

/** What is left of a plan: a change whose outcome is there needs no making. */
function withoutMade(
  plan: ChangePlan,
  stored: readonly StoredJob[],
): Pick<ChangePlan, 'upserts' | 'deletions'> {
  const byName = new Map(stored.map((job) => [job.name, job]));
  return {
    upserts: plan.upserts.filter(({ namespace, spec, contentHash }) => {
      const job = byName.get(spec.name);
      return job?.contentHash !== contentHash || job.namespace !== namespace;
    }),
    deletions: plan.deletions.filter(({ name }) => byName.has(name)),
  };
}

function toStale(thrown: unknown): unknown {
  if (!(thrown instanceof OptimusError) || thrown.code !== 'VERSION_CONFLICT') return thrown;
  return new OptimusError('VERSION_CONFLICT', {
    message: `the plan is stale: ${thrown.message}`,
    hint: 'nothing is changed; plan again with: optimus plan -o FILE',
    cause: thrown,
  });
}
