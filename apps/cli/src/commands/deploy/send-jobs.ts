import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiClient } from '../../client/api-client.ts';
import { createProgress } from '../../output/progress.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';
import type { NamespaceJobs } from '../../spec/read-jobs.ts';
import type { Terminal } from '../../terminal/terminal.ts';

type Answer = core.DeployJobSpecificationResponse;

/** What is sent, and where the server's answers go. */
export interface Shipment {
  readonly client: ApiClient;
  readonly project: string;
  readonly namespaces: readonly NamespaceJobs[];
  readonly terminal: Terminal;
  /** Print every answer rather than summaries and refusals. */
  readonly isVerbose: boolean;
}

/** Sends each namespace as the complete state of its jobs. @throws OptimusError `SPEC_INVALID` naming each refused job and why */
export async function sendJobs(shipment: Shipment): Promise<void> {
  const { namespaces } = shipment;
  if (namespaces.length === 0) return;
  const refusals: Answer[] = [];
  try {
    for await (const answer of exchange(shipment)) {
      if (!answer.success) refusals.push(answer);
      if (answer.success && (answer.ack || shipment.isVerbose)) shipment.terminal.print(answer.message);
    }
  } catch (thrown) {
    // The stream ends with an error when any namespace failed; the refusals before it say more.
    throw refusals.length > 0 ? createRefusalError(refusals, namespaces, thrown) : thrown;
  }
  if (refusals.length > 0) throw createRefusalError(refusals, namespaces, undefined);
}

async function* exchange({ client, project, namespaces, terminal }: Shipment): AsyncGenerator<Answer> {
  const waiting = namespaces.map(({ jobs }) => jobs.length);
  const total = waiting.reduce((sum, count) => sum + count, 0);
  const progress = createProgress(terminal, { label: 'deploying', total });
  const requests = namespaces.map((namespace) => toRequest(project, namespace));
  const method = core.JobSpecificationService.method.deployJobSpecification;
  try {
    for await (const answer of client.exchange(method, requests)) {
      progress.clear();
      yield answer;
      // An answer with `ack` closes a namespace; they are closed in the order they were sent in.
      progress.advance(answer.ack ? (waiting.shift() ?? 0) : 0);
    }
  } finally {
    progress.clear();
  }
}

function toRequest(projectName: string, { namespace, jobs }: NamespaceJobs) {
  return { projectName, namespaceName: namespace.name, jobs: jobs.map(({ spec }) => toSpecMessage(spec)) };
}

function createRefusalError(
  refusals: readonly Answer[],
  namespaces: readonly NamespaceJobs[],
  cause: unknown,
): OptimusError {
  const files = new Map(
    namespaces.flatMap(({ jobs }) => jobs.map(({ spec, file }): [string, string] => [spec.name, file])),
  );
  const lines = refusals.map(({ jobName, message }) => {
    const file = files.get(jobName);
    return file === undefined ? message : `${file} ${message}`;
  });
  return new OptimusError('SPEC_INVALID', {
    message: ['the server refused the deployment; nothing of a refused namespace is changed', ...lines].join(
      '\n',
    ),
    cause,
  });
}
