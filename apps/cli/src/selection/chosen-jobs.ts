import { OptimusError, parseProjectName, toErrorMessage } from '@optimus/domain';
import type { Invocation } from '../command-line/command-spec.ts';
import { createUsageError } from '../command-line/usage-error.ts';
import { Prompter } from '../prompt/prompter.ts';
import { readRepository } from '../repository/local-repository.ts';
import { type ProjectSession, withProject } from '../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS, SHORT_TIMEOUT_MS } from '../session/timeouts.ts';
import { findLocatedJobs } from './find-located-jobs.ts';
import { findSelector, selectDeployed, selectLocal } from './select-jobs.ts';

/** Whether the jobs of a command are those of the server or those of this folder. */
export type JobScope = 'deployed' | 'folder';

/** Whether the command is for the jobs of a selector instead of the one that it names. @throws OptimusError `REQUEST_INVALID` for both and for neither */
export function isForSelected({ args, flags }: Pick<Invocation, 'args' | 'flags'>): boolean {
  const [name] = args;
  const isSelecting = flags.text('select') !== undefined;
  if (isSelecting && name !== undefined)
    throw createUsageError('select', `is given beside the job ${name}`, 'name one job, or select several');
  if (!isSelecting && name === undefined) {
    throw createUsageError(
      'select',
      'is not given, and no job is named',
      "name one job, or select several: --select '+orders'",
    );
  }
  return isSelecting;
}

/** The names that `--select` means, sorted. @throws OptimusError `JOB_NOT_FOUND` when it means none */
export async function listSelected(
  invocation: Invocation,
  session: ProjectSession | undefined,
  scope: JobScope,
): Promise<readonly string[]> {
  const selector = findSelector(invocation);
  const names = selector ? [...(await select(selector))].toSorted() : [];
  if (names.length > 0) return names;
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `the selector means no ${scope === 'deployed' ? 'deployed job' : 'job of this folder'}`,
    hint: `try it with: optimus job list --select '${invocation.flags.text('select') ?? ''}'`,
  });

  async function select(wanted: NonNullable<typeof selector>): Promise<ReadonlySet<string>> {
    const { cwd } = invocation.terminal;
    if (scope === 'deployed' && session)
      return selectDeployed(wanted, session, { cwd, readJobs: () => findLocatedJobs(invocation) });
    const { config, namespaces } = await readRepository(invocation);
    return selectLocal(wanted, { cwd, project: parseProjectName(config.project.name), namespaces }, session);
  }
}

/** What a command does to a job; answers the line that says so. */
export type ActOnJob = (session: ProjectSession, jobName: string) => Promise<string>;

/** How a command acts on its jobs. */
export interface JobAction {
  /** As in "pause 3 jobs?". */
  readonly verb: string;
  /** Default: the jobs of the server. */
  readonly scope?: JobScope;
  /** For one job. */
  readonly timeoutMs?: number;
}

/** Calls under way at a time. */
const LANES = 8;

/** Does one thing to the job that is named, or to each that `--select` means: all are tried, each is told. @throws OptimusError what went wrong with the one job, or `PRECONDITION_FAILED` with how many failed */
export async function actOnJobs(invocation: Invocation, action: JobAction, act: ActOnJob): Promise<void> {
  const { terminal } = invocation;
  const isMany = isForSelected(invocation);
  const { scope = 'deployed', timeoutMs = SHORT_TIMEOUT_MS } = action;
  await withProject(invocation, { timeoutMs: isMany ? DEPLOY_TIMEOUT_MS : timeoutMs }, async (session) => {
    const [one = ''] = invocation.args;
    if (!isMany) return terminal.print(await act(session, one));
    const names = await listSelected(invocation, session, scope);
    await confirmMany(invocation, action.verb, names);
    await actOnEach(invocation, { ...action, names }, (name) => act(session, name));
  });
}

async function actOnEach(
  { terminal }: Invocation,
  { verb, names }: JobAction & { readonly names: readonly string[] },
  act: (name: string) => Promise<string>,
): Promise<void> {
  let failed = 0;
  const waiting = names.values();
  const work = async (): Promise<void> => {
    for (const name of waiting) {
      try {
        terminal.print(await act(name));
      } catch (thrown) {
        failed += 1;
        terminal.note(`${name}: ${toErrorMessage(thrown)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  assertNoneFailed(verb, { failed, of: names.length });
}

function assertNoneFailed(
  verb: string,
  { failed, of }: { readonly failed: number; readonly of: number },
): void {
  if (failed === 0) return;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `cannot ${verb} ${failed} of ${of} jobs`,
    hint: 'the lines before say why of each',
  });
}

const SHOWN_NAMES = 10;

/** Asks the person at the terminal, if there is one, before more than one job is touched. @throws OptimusError `CANCELLED` */
async function confirmMany(
  { flags, terminal }: Invocation,
  verb: string,
  names: readonly string[],
): Promise<void> {
  if (names.length < 2 || flags.isSet('yes') || !terminal.isInteractive) return;
  const rest = names.length > SHOWN_NAMES ? `, and ${names.length - SHOWN_NAMES} more` : '';
  const message = `${verb} ${names.length} jobs: ${names.slice(0, SHOWN_NAMES).join(', ')}${rest}?`;
  if (await new Prompter(terminal).confirm({ flag: 'yes', message }, false)) return;
  throw new OptimusError('CANCELLED', { message: 'the jobs are left as they are' });
}

/** Which jobs are shown, and in which form unless `--output` says so. */
export interface ShownJobs {
  readonly scope: JobScope;
  readonly form: 'text' | 'yaml';
}

/** Programs read documents one after the other; people see whose each is. */
function toHeading(name: string, form: string): readonly string[] {
  if (form === 'json') return [];
  return form === 'yaml' ? ['---', `# job ${name}`] : [`# job ${name}`];
}

/** Shows the job that is named, or one after the other all that `--select` means, each under its name. @throws OptimusError as {@link actOnJobs} */
export async function showJobs(
  invocation: Invocation,
  { scope, form }: ShownJobs,
  show: (invocation: Invocation) => Promise<void>,
): Promise<void> {
  if (!isForSelected(invocation)) return show(invocation);
  const { terminal } = invocation;
  const names = await (scope === 'folder'
    ? listSelected(invocation, undefined, scope)
    : withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, (session) =>
        listSelected(invocation, session, scope),
      ));
  let failed = 0;
  for (const name of names) {
    for (const line of toHeading(name, invocation.flags.text('output') ?? form)) terminal.print(line);
    try {
      await show({ ...invocation, args: [name] });
    } catch (thrown) {
      failed += 1;
      terminal.note(`${name}: ${toErrorMessage(thrown)}`);
    }
  }
  assertNoneFailed('show', { failed, of: names.length });
}
