import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { OptimusError } from '@optimus/domain';
import type { PluginProject } from '../plugin-project.ts';

/**
 * Loads a build tool of the plugin's own `node_modules`: its versions are the author's, not this command's.
 * @throws OptimusError `PRECONDITION_FAILED` when it is not installed
 */
export async function loadProjectModule(project: PluginProject, name: string): Promise<unknown> {
  return import(pathToFileURL(findProjectFile(project, name)).href);
}

/** Path of a module or a file of a package, as the plugin would import it. @throws OptimusError as above */
export function findProjectFile({ folder }: PluginProject, name: string): string {
  try {
    return createRequire(path.join(folder, 'package.json')).resolve(name);
  } catch (cause) {
    const [packageName = name] = name.split('/');
    throw new OptimusError('PRECONDITION_FAILED', {
      message: `${folder} has no ${packageName} installed, which builds the plugin`,
      hint: `run \`npm install\` there, with --save-dev ${packageName} if its package.json does not name it`,
      cause,
    });
  }
}
