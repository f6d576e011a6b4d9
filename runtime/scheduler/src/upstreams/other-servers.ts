import { type HttpClient, OptimusError, type OtherJob, type OtherServers } from '@optimus/domain';
import { AnswerMemory } from './answer-memory.ts';
import { readJobs, readPresets, readRuns } from './read-answers.ts';

/** Another Optimus server. */
export interface OtherServer {
  readonly name: string;
  /** `http://host:port`, a path behind it included. */
  readonly host: string;
  /** Sent with each question; may hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** Runs of many jobs that read one table are planned together, and again after the same pauses. */
const WRITERS_KEPT_MS = 30_000;

/** Asks other Optimus servers over REST, as any client does. */
export function createOtherServers(servers: readonly OtherServer[], http: HttpClient): OtherServers {
  const ask = (server: OtherServer, path: string, signal: AbortSignal) =>
    askServer({ http, server, signal }, path);
  const findFirst = async (
    query: Readonly<Record<string, string>>,
    isWanted: (job: Omit<OtherJob, 'server'>) => boolean,
    signal: AbortSignal,
  ): Promise<OtherJob | undefined> => {
    const search = new URLSearchParams({ ...query, ignore_assets: 'true' }).toString();
    for (const server of servers) {
      const found = readJobs(await ask(server, `jobs?${search}`, signal)).find(isWanted);
      if (!found) continue;
      const { preset } = found.spec.task.window;
      const path = `project/${encodeURIComponent(found.project)}`;
      const presets = preset ? await ask(server, path, signal) : {};
      return { ...found, server: server.name, presets: readPresets(presets) };
    }
    return undefined;
  };
  const writers = new AnswerMemory<OtherJob | undefined>({ keepMs: WRITERS_KEPT_MS });
  return {
    names: servers.map(({ name }) => name),
    findJob({ project, job }, signal) {
      const query = { project_name: project, job_name: job };
      return findFirst(query, (one) => one.project === project && one.job === job, signal);
    },
    findWriter: (urn, signal) =>
      writers.ask(urn, signal, (asking) => findFirst({ resource_destination: urn }, () => true, asking)),
    async listRuns({ server: name, project, job }, { first, last }, signal) {
      const server = servers.find((one) => one.name === name);
      if (!server) return [];
      const dates = { start_date: first.toISOString(), end_date: last.toISOString() };
      const span = new URLSearchParams(dates).toString();
      const path = `project/${encodeURIComponent(project)}/job/${encodeURIComponent(job)}/run`;
      return readRuns(await ask(server, `${path}?${span}`, signal));
    },
  };
}

interface Question {
  readonly http: HttpClient;
  readonly server: OtherServer;
  readonly signal: AbortSignal;
}

/** The answer as JSON; undefined for what the server does not have. @throws OptimusError `SERVER_UNREACHABLE`, in words without any header */
async function askServer({ http, server, signal }: Question, path: string): Promise<unknown> {
  const { name, host, headers } = server;
  const url = `${host.replace(/\/+$/, '')}/api/v1beta1/${path}`;
  const { status, body } = await http
    .get({ url, headers, timeoutMs: TIMEOUT_MS, maxBodyBytes: MOST_BYTES, signal })
    .catch((thrown: unknown) => {
      throw toUnreachable(name, thrown instanceof OptimusError ? thrown.message : 'cannot be asked');
    });
  if (status === 404 && isApiError(body)) return undefined;
  if (status !== 200 || body === undefined) throw toUnreachable(name, `answered ${status}`);
  try {
    return JSON.parse(body);
  } catch {
    throw toUnreachable(name, 'answered what is no JSON');
  }
}

/**
 * Whether the API itself says that it has no such thing. A server of another kind, or a gateway in front of one that is away, answers
 * 404 too, and knows nothing of who writes a table.
 */
function isApiError(body: string | undefined): boolean {
  try {
    const answer: unknown = JSON.parse(body ?? '');
    return typeof answer === 'object' && answer !== null && 'code' in answer && 'message' in answer;
  } catch {
    return false;
  }
}

function toUnreachable(name: string, why: string): OptimusError {
  return new OptimusError('SERVER_UNREACHABLE', {
    message: `the server "${name}": ${why}`,
    hint: 'see resource_managers in the configuration of this server',
    fields: { server: name },
  });
}
