import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { z } from 'zod';
import { findImageProblem, findVersionProblem } from './image-reference.ts';
import { findPluginNameProblem } from './plugin-name.ts';

/** The file that makes a folder the source of a plugin. */
export const PROJECT_FILE = 'plugin.json';

/** What a plugin adapts. */
export const PLUGIN_KINDS = ['task', 'hook'] as const;
/** What a plugin can be written in and built from. */
export const PLUGIN_LANGUAGES = ['typescript', 'go'] as const;

export type PluginKind = (typeof PLUGIN_KINDS)[number];
export type PluginLanguage = (typeof PLUGIN_LANGUAGES)[number];

/** A folder with the source of a plugin, as its `plugin.json` describes it. */
export interface PluginProject {
  /** Absolute path. */
  readonly folder: string;
  readonly name: string;
  readonly kind: PluginKind;
  readonly language: PluginLanguage;
  /** Semantic version. */
  readonly version: string;
  /** Repository of the images, without a tag. */
  readonly image: string;
  /** Whether the plugin names the image that has the optimus command around the executor. */
  readonly isWrapped: boolean;
}

const SCHEMA = z.strictObject({
  name: checked(findPluginNameProblem),
  kind: z.enum(PLUGIN_KINDS),
  language: z.enum(PLUGIN_LANGUAGES),
  version: checked(findVersionProblem),
  image: checked(findImageProblem),
  wrapped: z.boolean().default(false),
});

/** Reads the project of a folder. @throws OptimusError `REQUEST_INVALID` without a project file, `CONFIG_INVALID` for a wrong one */
export async function readPluginProject(folder: string): Promise<PluginProject> {
  const file = path.join(folder, PROJECT_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OptimusError('REQUEST_INVALID', {
      message: `${folder} is not the source of a plugin: it has no ${PROJECT_FILE}`,
      hint: 'name the folder that `optimus plugin create` made, such as task/neo',
      cause,
    });
  });
  const { wrapped, ...project } = parseProject(file, text);
  return { folder, isWrapped: wrapped, ...project };
}

function parseProject(file: string, text: string) {
  const parsed = SCHEMA.safeParse(parseJson(file, text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`);
  throw new OptimusError('CONFIG_INVALID', { message: `${file} is wrong: ${problems.join('; ')}` });
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OptimusError('CONFIG_INVALID', { message: `${file} is not JSON: ${String(cause)}`, cause });
  }
}

function checked(findProblem: (value: string) => string | undefined) {
  return z.string().superRefine((value, context) => {
    const problem = findProblem(value);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: `${JSON.stringify(value)}: ${problem}` });
  });
}
