import { OptimusError } from '../error/optimus-error.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';

declare const secretNameBrand: unique symbol;

/** The name of a secret: letters, digits, `_` and `-`, at most 100 characters, usable as `{{.secret.NAME}}`. */
export type SecretName = string & { readonly [secretNameBrand]: true };

/** Where a secret is visible: in the whole project, or in one namespace of it (which wins over the project's). */
export interface SecretScope {
  readonly project: ProjectName;
  readonly namespace?: NamespaceName;
}

/** What a listing shows of a secret: never its value. */
export interface SecretSummary extends SecretScope {
  readonly name: SecretName;
  /** A keyed digest of the value: equal values under one key have equal digests. */
  readonly digest: string;
  readonly updatedAt: Date;
}

/** What encrypting everything under the present key came to. */
export interface KeyRotation {
  /** How many secrets were under another key and are under the present one now. */
  readonly rotated: number;
  /** Secrets that no key of the server opens; they are as they were. */
  readonly unreadable: readonly (SecretScope & { readonly name: SecretName })[];
}

const SYSTEM_PREFIX = '_OPTIMUS_';
const SECRET_NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,99}$/;

/** Parses the name of a user's secret. @throws OptimusError `NAME_INVALID`, also for the reserved prefix `_OPTIMUS_` */
export function parseSecretName(value: string): SecretName {
  if (value.toUpperCase().startsWith(SYSTEM_PREFIX)) {
    throw secretNameError(
      value,
      `choose a name that does not begin with ${SYSTEM_PREFIX}, which is reserved`,
    );
  }
  if (!SECRET_NAME.test(value)) {
    throw secretNameError(
      value,
      'use at most 100 letters, digits, "_" or "-", beginning with a letter or "_"',
    );
  }
  return value as SecretName;
}

function secretNameError(value: string, hint: string): OptimusError {
  return new OptimusError('NAME_INVALID', {
    message: `secret name ${JSON.stringify(value)} is not valid`,
    hint,
    fields: { secret: value },
  });
}
