import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { withServer } from '../../session/server-session.ts';
import { ROTATION_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus secret rotate-key`. @throws OptimusError `SECRET_UNREADABLE` when secrets were left as they are, which it names */
export async function run(invocation: Invocation): Promise<void> {
  const { rotated, unreadable } = await withServer(
    invocation,
    { timeoutMs: ROTATION_TIMEOUT_MS },
    ({ client }) => client.write(core.SecretService.method.rotateSecretKey, {}),
  );
  invocation.terminal.print(describe(rotated));
  if (unreadable.length > 0) throw toUnreadable(unreadable);
}

function describe(rotated: number): string {
  if (rotated === 0) return 'nothing was encrypted again: no secret is under a previous key';
  return `${rotated} ${rotated === 1 ? 'secret is' : 'secrets are'} encrypted under the present key now`;
}

function toUnreadable(secrets: readonly core.RotateSecretKeyResponse_UnreadableSecret[]): OptimusError {
  const names = secrets.map(toPlace).join('\n');
  return new OptimusError('SECRET_UNREADABLE', {
    message: `no key of the server opens these secrets, which were left as they are:\n${names}`,
    hint: 'add the key they were stored under to serve.previous_app_keys and repeat this, or set them again',
  });
}

function toPlace({ project, namespace, name }: core.RotateSecretKeyResponse_UnreadableSecret): string {
  const place = `  ${name} in project ${project}`;
  return namespace === '' ? place : `${place}, namespace ${namespace}`;
}
