import { formatInstant, OptimusError } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printDocument } from '../../output/print-listing.ts';
import { toInstanceRow, toRunRow } from '../../runs/run-row.ts';
import { findTick } from '../../session/find-run.ts';
import { listRuns, toInstant } from '../../session/list-runs.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus run show`: the newest run of the job, unless told which. */
export async function run(invocation: Invocation): Promise<void> {
  const [jobName = ''] = invocation.args;
  const detail = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const tick = await findTick(invocation, session, { jobName });
    const until = new Date(tick.getTime() + 1);
    const wanted = { jobName, states: [], since: tick, until, limit: 1 };
    const [found] = (await listRuns(session, wanted)).items;
    if (found) return found;
    throw new OptimusError('RUN_NOT_FOUND', {
      message: `job "${jobName}" has no run at ${formatInstant(tick)}`,
      hint: `see its runs with: optimus job runs ${jobName}`,
      fields: { job: jobName },
    });
  });
  await printDocument(invocation, {
    job: detail.jobName,
    ...toRunRow(detail),
    instances: detail.instances.map(toInstanceRow),
    waitsFor: detail.waits.map(toWait),
    ...(detail.probes.length > 0 && { probes: detail.probes.map(toProbe) }),
  });
  if (detail.state !== 'success') noteWhy(invocation, detail);
}

function noteWhy({ terminal }: Invocation, { jobName, scheduledAt }: core.RunDetail): void {
  const tick = toInstant(scheduledAt);
  if (tick) terminal.note(`see why with: optimus job why ${jobName} --scheduled-at ${formatInstant(tick)}`);
}

function toProbe({ kind, name, target, tries, lastOutcome, lastProbedAt, nextProbeAt }: core.RunProbe) {
  const [last, next] = [toInstant(lastProbedAt), toInstant(nextProbeAt)];
  return {
    kind,
    name,
    target,
    tries,
    lastOutcome,
    lastProbedAt: last ? formatInstant(last) : null,
    nextProbeAt: next ? formatInstant(next) : null,
  };
}

function toWait({ projectName, jobName, scheduledAt, state }: core.RunWait) {
  const tick = toInstant(scheduledAt);
  return { job: `${projectName}/${jobName}`, scheduledAt: tick ? formatInstant(tick) : null, state };
}
