import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inRepository, repositoryRoot, stateFolder } from '../provision/repository.mjs';

const stampFile = path.join(stateFolder, 'build.json');
const sourceFolders = ['proto', 'core', 'runtime', 'sdk', 'apps', 'plugins', 'scripts/build'];
const sourceFiles = ['package-lock.json', 'scripts/build.mjs'];
const skippedFolders = new Set(['node_modules', 'dist', 'bin']);

/** Whether the bundles on disk were built from exactly the sources on disk. */
export async function isBuildFresh() {
  const stamp = await readStamp();
  if (!stamp || !stamp.outputs.every((file) => existsSync(inRepository(file)))) return false;
  return stamp.hash === (await hashSources());
}

/** A hash over names and content of everything that goes into a bundle. */
export async function hashSources() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of await listSources()) {
    const content = await readFile(inRepository(file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Records what was built. The hash is taken before the build reads its first file: an edit made meanwhile
 * then shows as stale, never as fresh.
 *
 * @param {{ hash: string, outputs: readonly string[] }} stamp output paths relative to the repository
 */
export async function writeStamp(stamp) {
  await mkdir(stateFolder, { recursive: true });
  await writeFile(stampFile, `${JSON.stringify(stamp, undefined, 2)}\n`);
}

/** @returns {Promise<{ hash: string, outputs: string[] } | undefined>} */
async function readStamp() {
  const text = await readFile(stampFile, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

async function listSources() {
  const nested = await Promise.all(sourceFolders.map(listFolder));
  return [...sourceFiles, ...nested.flat()].filter((file) => existsSync(inRepository(file))).sort();
}

/**
 * @param {string} folder relative to the repository
 * @returns {Promise<string[]>}
 */
async function listFolder(folder) {
  const entries = await readdir(path.join(repositoryRoot, folder), { withFileTypes: true }).catch(() => []);
  const nested = entries.map(async (entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : listFolder(name);
    return entry.name.endsWith('.test.ts') ? [] : [name];
  });
  return (await Promise.all(nested)).flat();
}
