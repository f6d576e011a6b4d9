import { isIP } from 'node:net';
import { toVariable } from './config-keys.ts';
import type { ConfigProblem, GivenValue } from './config-source.ts';
import type { ServerConfig } from './server-config.ts';

const MIN_APP_KEY_LENGTH = 32;

/** What no single value shows: rules between values. */
export function findRuleProblems(config: ServerConfig, given: readonly GivenValue[]): ConfigProblem[] {
  const { host, appKey, auth, db } = config.serve;
  const problems: ConfigProblem[] = [];
  const tell = (key: GivenValue['key'], message: string): void => {
    problems.push({ place: findPlace(given, key), message });
  };
  if (!isLoopback(host) && auth.tokens.length === 0)
    tell(
      'serve.host',
      `serve.host: ${host} is reached by other machines, so serve.auth.tokens must hold at least one token`,
    );
  if (appKey !== undefined && appKey.length < MIN_APP_KEY_LENGTH)
    tell(
      'serve.app_key',
      `serve.app_key: has ${appKey.length} characters, must have ${MIN_APP_KEY_LENGTH} or more`,
    );
  if (db.dsn !== undefined && appKey === undefined)
    tell(
      'serve.db.dsn',
      'serve.db.dsn: needs serve.app_key, 32 random characters or more that all servers on the database share',
    );
  if (db.dsn !== undefined && !/^postgres(ql)?:\/\//.test(db.dsn))
    tell('serve.db.dsn', 'serve.db.dsn: must begin with postgres:// or postgresql://');
  findDockerProblems(config, tell);
  return problems;
}

function findDockerProblems(
  { serve, executor }: ServerConfig,
  tell: (key: GivenValue['key'], message: string) => void,
): void {
  const { engine, network, serverAddress } = executor.docker;
  if (engine !== undefined && !/^(unix|tcp|https?):\/\//.test(engine))
    tell(
      'executor.docker.engine',
      'executor.docker.engine: must begin with unix://, tcp://, http:// or https://',
    );
  if (serverAddress !== undefined && !/^[^\s/@]+:\d+$/.test(serverAddress))
    tell('executor.docker.server_address', 'executor.docker.server_address: must be host:port');
  if (
    executor.type === 'docker' &&
    network !== 'host' &&
    serverAddress === undefined &&
    isLoopback(serve.host)
  )
    tell(
      'executor.docker.network',
      `executor.docker.network: containers on "${network}" do not reach ${serve.host}; give serve.host an address that they reach, and that address as executor.docker.server_address`,
    );
}

/** True when only this machine reaches the host. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost';
}

/** The last place that gave the key, as it is the one that counts. */
function findPlace(given: readonly GivenValue[], key: GivenValue['key']): string {
  return given.findLast((value) => value.key === key)?.place ?? toVariable(key);
}
