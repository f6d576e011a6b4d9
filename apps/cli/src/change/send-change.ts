import type { MessageInitShape } from '@bufbuild/protobuf';
import { core } from '@optimus/proto';
import type { ApiClient } from '../client/api-client.ts';
import { toPresetMessages } from '../session/register.ts';
import { toSpecMessage } from '../spec/job-spec-message.ts';
import type { Comparison, Deletion, Upsert } from './compare-jobs.ts';
import type { Registered } from './registration.ts';

const { changeJobs } = core.JobChangeService.method;

type Request = MessageInitShape<typeof core.ChangeJobsRequestSchema>;

/** What is to be made so. */
export interface Change extends Pick<Comparison, 'upserts' | 'deletions'> {
  /** What is registered with the jobs; undefined: nothing that is not yet. */
  readonly registration: Registered | undefined;
}

/** How a change is made. */
export interface ChangeOptions {
  readonly isPartial: boolean;
  readonly isForced: boolean;
  readonly isDryRun: boolean;
}

/** What the server answered. */
export interface ChangeAnswer {
  readonly summary: core.ChangeSummary | undefined;
  /** Jobs that the server refuses; unless the change is partial, nothing is stored then. */
  readonly refusals: readonly core.ChangeRefusal[];
}

/** Sends a change in portions. Refusals are answered, everything else that goes wrong is thrown. @throws OptimusError `VERSION_CONFLICT` when the server's jobs are others by now */
export async function sendChange(
  { client, project }: { readonly client: ApiClient; readonly project: string },
  change: Change,
  options: ChangeOptions,
): Promise<ChangeAnswer> {
  const refusals: core.ChangeRefusal[] = [];
  let summary: core.ChangeSummary | undefined;
  try {
    const requests = toRequests(project, change, options);
    for await (const { part } of client.exchange(changeJobs, requests)) {
      if (part.case === 'refusal') refusals.push(part.value);
      if (part.case === 'summary') summary = part.value;
    }
  } catch (thrown) {
    // The stream ends with an error when any job is refused; the refusals say it better.
    if (refusals.length === 0) throw thrown;
  }
  return { summary, refusals };
}

/** Jobs are sent together up to this many bytes of assets, and this many of them. */
const PORTION = { bytes: 4 * 1024 * 1024, jobs: 500 };

function* toRequests(
  projectName: string,
  { upserts, deletions, registration }: Change,
  options: ChangeOptions,
): Generator<Request> {
  const registered = registration && { registration: toRegistrationMessage(registration) };
  yield { part: { case: 'header', value: { projectName, ...options, ...registered } } };
  let portion: Upsert[] = [];
  let bytes = 0;
  for (const upsert of upserts) {
    portion.push(upsert);
    bytes += Object.values(upsert.spec.assets).reduce((sum, { length }) => sum + length, 0);
    if (bytes < PORTION.bytes && portion.length < PORTION.jobs) continue;
    yield toBatch(portion, []);
    [portion, bytes] = [[], 0];
  }
  yield toBatch(portion, deletions);
}

function toRegistrationMessage({ config, presets, namespaces }: Registered) {
  return {
    project: { config: { ...config }, presets: toPresetMessages(presets) },
    namespaces: Object.entries(namespaces).map(([name, own]) => ({ name, config: { ...own } })),
  };
}

function toBatch(upserts: readonly Upsert[], deletions: readonly Deletion[]): Request {
  return {
    part: {
      case: 'batch',
      value: {
        upserts: upserts.map(({ namespace, spec, movedFrom = '', basis = '' }) => ({
          namespaceName: namespace,
          spec: toSpecMessage(spec),
          movedFrom,
          basis,
        })),
        deletions: deletions.map(({ namespace, name, basis }) => ({
          namespaceName: namespace,
          jobName: name,
          basis,
        })),
      },
    },
  };
}
