import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../provision/repository.mjs';

/** Where the server looks for programs that stand for images: those of the bundled plugins need no setting to be found. */
const executorsFolder = 'apps/cli/dist/.optimus/executors';
const descriptionFile = 'process.json';

/**
 * The files of each image that can run as a process, and where they go. An image is described by `process.json` beside
 * its Dockerfile: its name, and the command line that stands for it.
 *
 * @returns {{ source: string, target: string }[]} files relative to the repository
 */
export function listExecutorFiles() {
  return readdirSync(inRepository('plugins'))
    .sort()
    .map((plugin) => path.join('plugins', plugin, 'executor'))
    .filter((folder) => existsSync(inRepository(folder, descriptionFile)))
    .flatMap(listFiles);
}

/** @param {string} folder */
function listFiles(folder) {
  const { image } = JSON.parse(readFileSync(inRepository(folder, descriptionFile), 'utf8'));
  const entries = readdirSync(inRepository(folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'Dockerfile');
  return files.map(({ parentPath, name }) => {
    const file = path.relative(inRepository(folder), path.join(parentPath, name));
    return { source: path.join(folder, file), target: path.join(executorsFolder, image, file) };
  });
}
