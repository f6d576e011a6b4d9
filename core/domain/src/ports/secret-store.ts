import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { KeyRotation, SecretName, SecretScope, SecretSummary } from '../secret/secret.ts';

/**
 * Secrets. Values enter and leave in clear text and rest encrypted: AES-256-GCM under a key derived from the server's
 * `app_key`, the key's id stored in the ciphertext, the scope and name authenticated with it.
 */
export interface SecretStore {
  /** @throws OptimusError `SECRET_EXISTS`, `PROJECT_NOT_FOUND`, `NAMESPACE_NOT_FOUND` */
  create(scope: SecretScope, name: SecretName, value: string): Promise<void>;
  /** @throws OptimusError `SECRET_NOT_FOUND` */
  update(scope: SecretScope, name: SecretName, value: string): Promise<void>;
  /** @throws OptimusError `SECRET_NOT_FOUND` */
  delete(scope: SecretScope, name: SecretName): Promise<void>;
  /** All users' secrets of the project, its namespaces' included; sorted by name, project scope first. */
  list(project: ProjectName): Promise<readonly SecretSummary[]>;
  /** Decrypted values visible to a namespace; the namespace's win over the project's. @throws OptimusError `SECRET_UNREADABLE` when a value was encrypted under an unknown key */
  readAll(project: ProjectName, namespace: NamespaceName): Promise<Readonly<Record<string, string>>>;
  /**
   * Encrypts under the present key what is still under another one that the store knows. Others may read and write meanwhile. What
   * a failure leaves undone the next call does.
   */
  rotateKey(): Promise<KeyRotation>;
}
