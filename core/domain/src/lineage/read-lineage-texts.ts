// node:crypto is allowed here: a hash of a value is pure, and what is known by it is not computed again.
import { createHash } from 'node:crypto';
import { toErrorMessage } from '../error/optimus-error.ts';
import { type CompileJobDeps, compileJob } from '../job/compile-job.ts';
import type { Job } from '../job/job.ts';
import { toCanonicalJson } from '../job/job-content-hash.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { NamespaceStore } from '../ports/project-store.ts';
import { getProject } from '../project/register-project.ts';
import type { LineageInput, SourceText } from './column-lineage.ts';

/** What making an input needs of the world. */
export interface LineageDeps extends CompileJobDeps {
  readonly namespaces: NamespaceStore;
  /** The texts of a job whose plugin does not say which they are, by what the job writes. */
  readonly guessTexts: (
    destination: string | undefined,
    assets: Readonly<Record<string, string>>,
  ) => readonly SourceText[];
}

/** The texts of a job and what it writes; or why that cannot be told. */
export type LineageTexts = Pick<LineageInput, 'texts' | 'destination'> | { readonly problem: string };

/** Raised when lineage is computed in another way: what was computed before is not good any more. */
const FORMAT = 1;

/**
 * Reads the SQL of a job, macros compiled as for the run of its start date: equal specifications give equal texts whenever they are
 * read. Never throws for a job.
 */
export async function readLineageTexts(deps: LineageDeps, job: Job): Promise<LineageTexts> {
  const { spec } = job;
  try {
    const plugin = await deps.plugins.find('task', spec.task.name);
    if (!plugin?.mods.includes('dependencyresolver'))
      return { problem: `the plugin "${spec.task.name}" does not tell what its jobs read and write` };
    const [project, namespace] = await Promise.all([
      getProject(deps, job.project),
      getNamespace(deps, job.project, job.namespace),
    ]);
    const compiled = await compileJob(deps, { project, namespace, spec }, toStart(spec.schedule.startDate));
    const request = {
      jobName: spec.name,
      ...compiled,
      project: { name: project.name, config: project.config },
    };
    const destination = await deps.plugins.findDestination('task', spec.task.name, request);
    const told = await deps.plugins.listSourceTexts('task', spec.task.name, request);
    const assets = Object.fromEntries(compiled.assets.map(({ name, value }) => [name, value]));
    const texts = told ?? deps.guessTexts(destination, assets);
    if (texts.length === 0) return { problem: 'the job has no SQL whose dialect is known' };
    return { texts, destination };
  } catch (thrown) {
    return { problem: `what the job reads and writes cannot be told: ${toErrorMessage(thrown)}` };
  }
}

/** SHA-256 (hex) of all that lineage is computed from. */
export function toLineageHash(input: LineageInput): string {
  const known = input.known.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  return createHash('sha256')
    .update(toCanonicalJson({ format: FORMAT, ...input, known }))
    .digest('hex');
}

/** A date that says nothing is as good as any other. */
function toStart(startDate: string): Date {
  const start = new Date(startDate);
  return Number.isNaN(start.getTime()) ? new Date('2000-01-01T00:00:00Z') : start;
}
