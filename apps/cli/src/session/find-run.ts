import { isTerminal, OptimusError, RUN_STATES, type RunState } from '@optimus/domain';
import type { Invocation } from '../command-line/command-spec.ts';
import { listRuns, toInstant } from './list-runs.ts';
import type { ProjectSession } from './server-session.ts';

/** States of runs that are not over. */
export const UNFINISHED: readonly RunState[] = RUN_STATES.filter((state) => !isTerminal(state));
/** States of runs that are over. */
export const FINISHED: readonly RunState[] = RUN_STATES.filter(isTerminal);

/** The tick that `--scheduled-at` names, or that of the job's newest run in one of the states; no states: in any. @throws OptimusError `RUN_NOT_FOUND` */
export async function findTick(
  { flags }: Pick<Invocation, 'flags'>,
  session: ProjectSession,
  { jobName, states = [] }: { readonly jobName: string; readonly states?: readonly RunState[] },
): Promise<Date> {
  const given = flags.instant('scheduled-at');
  if (given) return given;
  const filter = { jobName, states, since: undefined, until: undefined, limit: 1 };
  const [newest] = (await listRuns(session, filter)).items;
  const scheduledAt = toInstant(newest?.scheduledAt);
  if (scheduledAt) return scheduledAt;
  const what = states.length === 0 ? 'has not run yet' : `has no run that is ${states.join(', ')}`;
  throw new OptimusError('RUN_NOT_FOUND', {
    message: `job "${jobName}" ${what}`,
    hint: `see its runs with: optimus job runs ${jobName}`,
    fields: { job: jobName },
  });
}
