import { OptimusError } from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import { CLI_VERSION } from '../../version.ts';

/** Flags and the keys of the server's configuration that they set. */
const KEY_VARIABLES = {
  host: 'OPTIMUS_SERVE_HOST',
  port: 'OPTIMUS_SERVE_PORT',
  'data-dir': 'OPTIMUS_SERVE_DATA_DIR',
} as const;

/** `optimus serve`. The server is loaded here and nowhere else: no other command pays for it. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const file = flags.text('config');
  const { runServer } = await import('@optimus/server');
  const exitCode = await runServer({
    env: toEnvironment(invocation),
    version: CLI_VERSION,
    ...(file === undefined ? {} : { file }),
  });
  if (exitCode !== 0)
    throw new OptimusError('SERVER_STOPPING', { message: 'the server ended with a failure' });
}

/** A flag wins over the environment, which wins over the file. */
function toEnvironment({ flags, terminal }: Invocation): Readonly<Record<string, string | undefined>> {
  const given = Object.entries(KEY_VARIABLES).map(
    ([flag, variable]) => [variable, flags.text(flag)] as const,
  );
  return { ...terminal.env, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}
