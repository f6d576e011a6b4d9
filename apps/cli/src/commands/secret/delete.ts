import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { withProject } from '../../session/server-session.ts';
import { SECRET_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus secret delete`. Jobs that use the secret fail from then on, so it asks first. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [secretName = ''] = args;
  const question = { flag: 'confirm', message: `Delete the secret ${secretName}?` };
  if (!(await new Prompter(terminal).confirm(question, flags.isSet('confirm')))) {
    throw new OptimusError('CANCELLED', { message: `secret ${secretName} is left as it is` });
  }
  await withProject(invocation, { timeoutMs: SECRET_TIMEOUT_MS }, ({ client, project }) =>
    client.write(core.SecretService.method.deleteSecret, {
      projectName: project,
      namespaceName: flags.text('namespace') ?? '',
      secretName,
    }),
  );
  terminal.print(`secret ${secretName} is deleted`);
}
