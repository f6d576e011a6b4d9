import { parseName } from '../error/parse-name.ts';
import type { Presets } from './preset.ts';

declare const projectNameBrand: unique symbol;

/** The name of a tenant: 1–63 characters of `[a-z A-Z 0-9 _ - .]`, beginning with a letter or digit. */
export type ProjectName = string & { readonly [projectNameBrand]: true };

/** A tenant: owner of configuration, secrets, namespaces and jobs. */
export interface Project {
  readonly name: ProjectName;
  /** Keys are upper-case. */
  readonly config: Readonly<Record<string, string>>;
  /** Windows that its jobs share; absent: none. */
  readonly presets?: Presets;
}

/** Parses a project's name. @throws OptimusError `NAME_INVALID` */
export function parseProjectName(value: string): ProjectName {
  return parseName('project', value, 63) as ProjectName;
}
