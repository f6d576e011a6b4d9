import { OptimusError, toErrorMessage } from '@optimus/domain';

/** How a case ended. */
export type CaseOutcome = 'passed' | 'failed' | 'skipped';

/** What a check found: nothing when all is well. */
export type Finding =
  | { readonly failed: string; readonly mend?: string }
  | { readonly skipped: string }
  | undefined;

/** One promise of the contract between hosts and plugins, and how it is checked. */
export interface ConformanceCase<Subject> {
  /** Stable, such as `cli.questions`. */
  readonly id: string;
  /** What a good plugin does. */
  readonly expects: string;
  /** What its author can do when it does not. */
  readonly mend: string;
  /** What it throws counts as a failure. */
  readonly check: (subject: Subject) => Promise<Finding> | Finding;
}

/** A case that was checked. */
export interface CaseResult {
  readonly id: string;
  readonly outcome: CaseOutcome;
  readonly expected: string;
  /** What happened instead, or why it was skipped; absent for one that passed. */
  readonly found?: string;
  /** Only for one that failed. */
  readonly mend?: string;
}

/** Every case, in order, of one plugin file. */
export interface VerificationReport {
  readonly path: string;
  /** What it calls itself; the name of the file where it did not get to say. */
  readonly name: string;
  readonly cases: readonly CaseResult[];
  readonly isConforming: boolean;
}

/** Thrown, ends a check as a failure, from however deep within. */
export function createCaseFailure(found: string): OptimusError {
  return new OptimusError('PLUGIN_UNUSABLE', { message: found });
}

/** Checks a case; never throws. */
export async function checkCase<Subject>(
  { id, expects, mend, check }: ConformanceCase<Subject>,
  subject: Subject,
): Promise<CaseResult> {
  const finding = await attempt(() => check(subject));
  const described = { id, expected: expects };
  if (finding === undefined) return { ...described, outcome: 'passed' };
  if ('skipped' in finding) return { ...described, outcome: 'skipped', found: finding.skipped };
  return { ...described, outcome: 'failed', found: finding.failed, mend: finding.mend ?? mend };
}

/** The report names the plugin once. */
const pluginPrefix = /^plugin \S+ \([^)]*\): /;

async function attempt(check: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const failed = toErrorMessage(error).replace(pluginPrefix, '');
    const mend = error instanceof OptimusError ? error.hint : undefined;
    return { failed, ...(mend !== undefined && { mend }) };
  }
}

/** The result of a case that could not be checked, as an earlier one failed. */
export function skipCase(
  { id, expects }: Pick<ConformanceCase<never>, 'id' | 'expects'>,
  why: string,
): CaseResult {
  return { id, expected: expects, outcome: 'skipped', found: why };
}
