import { parseName } from '../error/parse-name.ts';
import type { ProjectName } from '../project/project.ts';

declare const namespaceNameBrand: unique symbol;

/** The name of a team's folder within a project: same rule as a project's name. */
export type NamespaceName = string & { readonly [namespaceNameBrand]: true };

/** A team within a project; its configuration overrides the project's. */
export interface Namespace {
  readonly project: ProjectName;
  readonly name: NamespaceName;
  /** Keys are upper-case. */
  readonly config: Readonly<Record<string, string>>;
}

/** Parses a namespace's name. @throws OptimusError `NAME_INVALID` */
export function parseNamespaceName(value: string): NamespaceName {
  return parseName('namespace', value, 63) as NamespaceName;
}
