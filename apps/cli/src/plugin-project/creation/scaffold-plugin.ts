import { chmod, copyFile, lstat, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { type NewPlugin, renderPlugin, renderRepository } from './new-plugin.ts';
import type { TemplateFiles } from './render-template.ts';
import type { SdkSource } from './sdk-source.ts';

/** What a scaffold has left on disk. */
export interface Scaffold {
  /** Absolute path of the plugin's folder. */
  readonly folder: string;
  /** Files of the repository that were there already, and were left as they are. */
  readonly kept: readonly string[];
}

/**
 * Makes `<repository>/<kind>/<name>/`, whole or not at all, and the files of the repository that are missing.
 * @throws OptimusError `REQUEST_INVALID` when the folder is there already
 */
export async function scaffoldPlugin(
  repository: string,
  { plugin, sdk }: { readonly plugin: NewPlugin; readonly sdk: SdkSource },
): Promise<Scaffold> {
  const parent = path.join(repository, plugin.kind);
  const folder = path.join(parent, plugin.name);
  await assertFree(folder);
  await mkdir(parent, { recursive: true });
  const temporary = await mkdtemp(path.join(parent, `.${plugin.name}-`));
  try {
    await writeFiles(temporary, await renderPlugin(plugin, sdk.spec));
    if (plugin.language === 'typescript') await vendor(temporary, sdk);
    await chmod(path.join(temporary, 'entrypoint.sh'), 0o755);
    await chmod(temporary, 0o777 & ~process.umask());
    await putInPlace(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return { folder, kept: await addMissing(repository, await renderRepository()) };
}

async function assertFree(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found !== undefined) throw occupied(folder);
}

/** Two scaffolds at once: a folder that is not empty is never replaced. */
async function putInPlace(temporary: string, folder: string): Promise<void> {
  await rename(temporary, folder).catch((cause: NodeJS.ErrnoException) => {
    throw ['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOTDIR'].includes(cause.code ?? '') ? occupied(folder) : cause;
  });
}

function occupied(folder: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `${folder} is there already, and nothing in it was touched`,
    hint: 'choose another name, or another folder with --dir',
  });
}

async function writeFiles(folder: string, files: TemplateFiles): Promise<void> {
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  }
}

async function vendor(folder: string, { vendored }: SdkSource): Promise<void> {
  if (vendored === undefined) return;
  const target = path.join(folder, vendored.target);
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(vendored.source, target);
}

async function addMissing(folder: string, files: TemplateFiles): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const [name, text] of files) {
    await writeFiles(folder, new Map([[name, text]])).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
      kept.push(name);
    });
  }
  return kept;
}
