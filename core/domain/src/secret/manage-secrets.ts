import { OptimusError } from '../error/optimus-error.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { getProject } from '../project/register-project.ts';
import { parseSecretName, type SecretScope, type SecretSummary } from './secret.ts';

interface SecretDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly secrets: SecretStore;
}

/** The address of a secret as a client names it; an empty namespace means the project. */
export interface SecretAddress {
  readonly project: string;
  readonly namespace: string;
  readonly name: string;
}

/** The largest value of a secret, in bytes of UTF-8. */
export const MAX_SECRET_BYTES = 1024 * 1024;

/** Stores a new secret. @throws OptimusError `SECRET_EXISTS`, `SECRET_INVALID`, `NAME_INVALID` */
export async function createSecret(deps: SecretDeps, address: SecretAddress, value: string): Promise<void> {
  assertSecretValue(address.name, value);
  await deps.secrets.create(await findScope(deps, address), parseSecretName(address.name), value);
}

/** Replaces a secret's value. @throws OptimusError `SECRET_NOT_FOUND`, `SECRET_INVALID`, `NAME_INVALID` */
export async function updateSecret(deps: SecretDeps, address: SecretAddress, value: string): Promise<void> {
  assertSecretValue(address.name, value);
  await deps.secrets.update(await findScope(deps, address), parseSecretName(address.name), value);
}

/** Deletes a secret. @throws OptimusError `SECRET_NOT_FOUND` */
export async function deleteSecret(deps: SecretDeps, address: SecretAddress): Promise<void> {
  await deps.secrets.delete(await findScope(deps, address), parseSecretName(address.name));
}

/** Names and digests of a project's secrets, its namespaces' included. */
export async function listSecrets(deps: SecretDeps, project: string): Promise<readonly SecretSummary[]> {
  const { name } = await getProject(deps, project);
  return deps.secrets.list(name);
}

async function findScope(deps: SecretDeps, { project, namespace }: SecretAddress): Promise<SecretScope> {
  if (namespace === '') return { project: (await getProject(deps, project)).name };
  const found = await getNamespace(deps, project, namespace);
  return { project: found.project, namespace: found.name };
}

function assertSecretValue(name: string, value: string): void {
  if (value !== '' && Buffer.byteLength(value) <= MAX_SECRET_BYTES) return;
  throw new OptimusError('SECRET_INVALID', {
    message: `the value of secret "${name}" is ${value === '' ? 'empty' : 'larger than 1 MiB'}`,
    hint: 'give a value of 1 byte to 1 MiB',
    fields: { secret: name },
  });
}
