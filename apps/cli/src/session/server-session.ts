import { ApiClient } from '../client/api-client.ts';
import { findAuthor } from '../client/author.ts';
import { findAuthorization } from '../client/authorization.ts';
import { parseServerAddress } from '../client/server-address.ts';
import type { Invocation } from '../command-line/command-spec.ts';
import { createUsageError } from '../command-line/usage-error.ts';
import type { ClientConfig } from '../config/client-config.ts';
import { findClientConfig } from '../config/read-client-config.ts';

/** A connection to the server for one command. */
export interface ServerSession {
  readonly client: ApiClient;
  /** The client's configuration, when there is one. */
  readonly config: ClientConfig | undefined;
  /** `host:port` of the server. */
  readonly target: string;
}

/** A connection for a command that works on a project. */
export interface ProjectSession extends ServerSession {
  readonly project: string;
}

/** How long a command may take; undefined: as long as it needs. */
export interface SessionOptions {
  readonly timeoutMs: number | undefined;
}

const NO_CONFIG_HINT = 'or run where there is an optimus.yaml';

/** Runs the action with a connection and ends it after. `--host` wins over the configuration. */
export async function withServer<T>(
  invocation: Invocation,
  { timeoutMs }: SessionOptions,
  act: (session: ServerSession) => Promise<T>,
): Promise<T> {
  const config = await findClientConfig(invocation);
  const host = invocation.flags.text('host') ?? config?.host;
  if (host === undefined) {
    throw createUsageError('host', 'is not given', `give the address of the server, ${NO_CONFIG_HINT}`);
  }
  const address = parseServerAddress(host);
  // A wrapped image gives the credential of its attempt as --host: from here on the list of processes shows it no more.
  if (address.userInfo !== undefined) process.title = 'optimus';
  const authorization = findAuthorization(invocation.terminal.env, address);
  const client = new ApiClient({
    address,
    authorization,
    findAuthor: () => findAuthor(invocation),
    timeoutMs,
  });
  try {
    return await act({ client, config, target: address.target });
  } finally {
    client.close();
  }
}

/** As {@link withServer}, with the project of `--project-name`, `--project` or the configuration. */
export function withProject<T>(
  invocation: Invocation,
  options: SessionOptions,
  act: (session: ProjectSession) => Promise<T>,
): Promise<T> {
  return withServer(invocation, options, (session) => {
    const project = findProjectFlag(invocation) ?? session.config?.project.name;
    if (project !== undefined) return act({ ...session, project });
    throw createUsageError('project-name', 'is not given', `name the project, ${NO_CONFIG_HINT}`);
  });
}

function findProjectFlag({ flags }: Invocation): string | undefined {
  return flags.text('project-name') ?? flags.text('project');
}
