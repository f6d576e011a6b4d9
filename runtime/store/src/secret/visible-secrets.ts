import type { NamespaceName, ProjectName } from '@optimus/domain';
import type { SecretCipher } from './secret-cipher.ts';

/** A secret as it is stored; `namespace` is null for one of the whole project. */
export interface SealedSecret {
  readonly name: string;
  readonly ciphertext: Buffer;
  readonly namespace: string | null;
}

/** Values by name; of two secrets of one name the later wins. @throws OptimusError `SECRET_UNREADABLE` */
export function openSecrets(
  cipher: SecretCipher,
  project: ProjectName,
  sealed: readonly SealedSecret[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sealed.map(({ name, ciphertext, namespace }) => {
      const scope = namespace === null ? { project } : { project, namespace: namespace as NamespaceName };
      return [name, cipher.decrypt({ ...scope, name }, ciphertext)];
    }),
  );
}
