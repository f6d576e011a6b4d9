import { findSecretOwner, MIN_MASKED_BYTES, OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { SECRET_TIMEOUT_MS } from '../../session/timeouts.ts';
import { readSecretValue } from './read-value.ts';

const { registerSecret, updateSecret } = core.SecretService.method;

/** `optimus secret set`. */
export async function run(invocation: Invocation): Promise<void> {
  const [secretName = ''] = invocation.args;
  const value = await readSecretValue(invocation);
  const namespaceName = invocation.flags.text('namespace') ?? '';
  await withProject(invocation, { timeoutMs: SECRET_TIMEOUT_MS }, async ({ client, project }) => {
    const request: SecretRequest = { projectName: project, namespaceName, secretName, value };
    if (invocation.flags.isSet('update-only')) await client.write(updateSecret, request);
    else await createOrReplace(invocation, client, request);
  });
  const place = namespaceName === '' ? 'the project' : `namespace ${namespaceName}`;
  invocation.terminal.print(`secret ${secretName} is set for ${place}`);
  warnOfShortValue(invocation, Buffer.from(value, 'base64'));
  warnOfOwner(invocation, secretName);
}

/** By its name it is a plugin's: whoever did not mean that would find `<no value>` in every other job, and no reason. */
function warnOfOwner({ terminal }: Invocation, secretName: string): void {
  const owner = findSecretOwner(secretName);
  if (owner === undefined) return;
  const { kind, plugin } = owner;
  const warning = terminal.style('yellow', 'Warning:', 'stderr');
  terminal.note(
    `${warning} only the ${kind} plugin ${plugin.toLowerCase()} gets it: names that begin with ${kind}_ are those of plugins, in capitals or not; elsewhere it renders <no value>`,
  );
}

function warnOfShortValue({ terminal }: Invocation, value: Buffer): void {
  if (value.length >= MIN_MASKED_BYTES) return;
  const warning = terminal.style('yellow', 'Warning:', 'stderr');
  terminal.note(`${warning} logs will show it: values of less than ${MIN_MASKED_BYTES} bytes are not masked`);
}

interface SecretRequest {
  readonly projectName: string;
  readonly namespaceName: string;
  readonly secretName: string;
  /** Base64. */
  readonly value: string;
}

async function createOrReplace(
  { flags, terminal }: Invocation,
  client: ProjectSession['client'],
  request: SecretRequest,
): Promise<void> {
  try {
    await client.write(registerSecret, request);
  } catch (thrown) {
    if (!(thrown instanceof OptimusError) || thrown.kind !== 'already_exists') throw thrown;
    const question = { flag: 'confirm', message: 'Secret already exists, proceed with update?' };
    if (!(await new Prompter(terminal).confirm(question, flags.isSet('confirm')))) throw thrown;
    await client.write(updateSecret, request);
  }
}
