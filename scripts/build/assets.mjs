import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../provision/repository.mjs';

const assetFolder = 'assets';
const metaPattern = /\bimport\.meta\.(url|dirname|filename|main)\b/g;

/**
 * Keeps `new URL('./migrations/0001.sql', import.meta.url)` working in a bundle: every source that asks where it
 * lies is told its place under `dist/assets/`, where the files that are not code are copied with the same layout.
 *
 * @param {{ entry: string }} options absolute path of the bundle's entry, the one file whose `import.meta.main` holds
 * @returns {import('esbuild').Plugin}
 */
export function keepImportMeta({ entry }) {
  return {
    name: 'keep-import-meta',
    setup(build) {
      build.onLoad({ filter: /\.m?ts$/ }, ({ path: file }) => {
        if (file.includes('node_modules')) return undefined;
        const source = readFileSync(file, 'utf8');
        return {
          contents: placeSource(source, {
            file: path.relative(repositoryRoot, file),
            isEntry: file === entry,
          }),
          loader: 'ts',
        };
      });
    },
  };
}

/**
 * @param {string} source
 * @param {{ file: string, isEntry: boolean }} place the path relative to the repository
 */
function placeSource(source, { file, isEntry }) {
  const place = JSON.stringify(`./${assetFolder}/${file.split(path.sep).join('/')}`);
  const url = `new URL(${place}, import.meta.url)`;
  const filename = `process.getBuiltinModule('node:url').fileURLToPath(${url})`;
  const replacements = {
    url: `${url}.href`,
    filename,
    dirname: `process.getBuiltinModule('node:path').dirname(${filename})`,
    main: String(isEntry),
  };
  return source.replace(
    metaPattern,
    (_, /** @type {keyof typeof replacements} */ name) => replacements[name],
  );
}

/**
 * The files that are not code in the `src` folders of the packages a bundle was made of.
 *
 * @param {readonly string[]} inputs esbuild's input paths, relative to the repository
 * @param {(folder: string) => readonly string[]} listFiles every file below a folder, relative to the repository
 */
export function findAssets(inputs, listFiles) {
  const folders = new Set(
    inputs.flatMap((file) => /^(?!.*node_modules).*?\/src(?=\/)/.exec(file)?.[0] ?? []),
  );
  const files = [...folders].flatMap((folder) => listFiles(folder));
  return files.filter((file) => !/\.(?:[cm]?[jt]sx?|md|proto)$/.test(file) && !file.includes('/fixtures/'));
}

/** @param {string} file relative to the repository */
export function assetTarget(file) {
  return path.join(assetFolder, file);
}
