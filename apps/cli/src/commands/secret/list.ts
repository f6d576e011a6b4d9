import { timestampDate } from '@bufbuild/protobuf/wkt';
import { formatInstant } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { withProject } from '../../session/server-session.ts';
import { SECRET_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus secret list`. */
export async function run(invocation: Invocation): Promise<void> {
  const secrets = await withProject(invocation, { timeoutMs: SECRET_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.SecretService.method.listSecrets, { projectName: project }),
  );
  await printListing(invocation, {
    rows: secrets.secrets.map(toRow),
    columns: [
      { title: 'NAME', show: ({ name }) => name },
      { title: 'DIGEST', show: ({ digest }) => digest },
      { title: 'NAMESPACE', show: ({ namespace }) => namespace ?? '*' },
      { title: 'DATE', show: ({ updatedAt }) => updatedAt },
    ],
    whenEmpty: 'the project has no secrets; set one with: optimus secret set',
  });
}

/** A secret of the whole project has no namespace: the server sends `*` or nothing. */
function toRow({ name, digest, namespace, updatedAt }: core.ListSecretsResponse_Secret) {
  return {
    name,
    digest,
    namespace: namespace === '' || namespace === '*' ? null : namespace,
    updatedAt: updatedAt ? formatInstant(timestampDate(updatedAt)) : '',
  };
}
