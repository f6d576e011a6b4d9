import {
  createSecret,
  deleteSecret,
  listSecrets,
  type SecretAddress,
  type SecretSummary,
  updateSecret,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { fromSecretValue } from '../mapping/secret-value.ts';
import { toTimestamp } from '../mapping/time-mapping.ts';

/** Handlers of `SecretService`. Values come in and never go out. */
export function createSecretHandlers(
  deps: Pick<ApiDeps, 'projects' | 'namespaces' | 'secrets'>,
): ServiceHandlers<typeof core.SecretService> {
  return {
    async registerSecret(request) {
      await createSecret(deps, toAddress(request), fromSecretValue(request.secretName, request.value));
      return { success: true, message: `secret ${request.secretName} is registered` };
    },
    async updateSecret(request) {
      await updateSecret(deps, toAddress(request), fromSecretValue(request.secretName, request.value));
      return { success: true, message: `secret ${request.secretName} is updated` };
    },
    async listSecrets({ projectName }) {
      return { secrets: (await listSecrets(deps, projectName)).map(toMessage) };
    },
    async deleteSecret(request) {
      await deleteSecret(deps, toAddress(request));
      return { success: true, message: `secret ${request.secretName} is deleted` };
    },
    async rotateSecretKey() {
      const { rotated, unreadable } = await deps.secrets.rotateKey();
      return {
        rotated,
        unreadable: unreadable.map(({ project, namespace, name }) => ({
          project,
          namespace: namespace ?? '',
          name,
        })),
      };
    },
  };
}

interface Address {
  readonly projectName: string;
  readonly namespaceName: string;
  readonly secretName: string;
}

function toAddress({ projectName, namespaceName, secretName }: Address): SecretAddress {
  return { project: projectName, namespace: namespaceName, name: secretName };
}

function toMessage({ name, digest, namespace, updatedAt }: SecretSummary) {
  return { name, digest, namespace: namespace ?? '', updatedAt: toTimestamp(updatedAt) };
}
