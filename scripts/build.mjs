import { readdirSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { assetTarget, findAssets } from './build/assets.mjs';
import { hasEntry, listBundles } from './build/bundles.mjs';
import { listExecutorFiles } from './build/executors.mjs';
import { hashSources, writeStamp } from './build/freshness.mjs';
import { packSdk } from './build/sdk-package.mjs';
import { runMain, ToolFailure } from './provision/fail.mjs';
import { inRepository, repositoryRoot } from './provision/repository.mjs';

const executableMode = 0o755;

await runMain(async () => {
  const hash = await hashSources();
  const bundles = listBundles();
  for (const { name, entry } of bundles.filter((bundle) => !hasEntry(bundle))) {
    process.stderr.write(`warning: ${name} is not built: ${entry} does not exist\n`);
  }
  const results = await Promise.allSettled([...bundles.filter(hasEntry).map(buildBundle), packSdk()]);
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
  }
  const executors = await Promise.all(listExecutorFiles().map(copyWhole));
  const outputs = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  await writeStamp({ hash, outputs: [...outputs, ...executors] });
  return 0;
});

/**
 * Builds one bundle.
 *
 * @param {import('./build/bundles.mjs').Bundle} bundle
 * @returns {Promise<string[]>} the written files, relative to the repository
 */
async function buildBundle(bundle) {
  const result = await esbuild.build(bundle.options).catch(async (error) => {
    throw new ToolFailure(await describeErrors(bundle.name, error));
  });
  const written = await writeOutputs(bundle, result.outputFiles ?? []);
  const assets = bundle.assets ? await copyAssets(bundle, Object.keys(result.metafile?.inputs ?? {})) : [];
  await removeStale(bundle, written);
  await copyOutput(written, bundle.copies);
  return [...written, ...assets, ...bundle.copies];
}

/**
 * Files are put in place whole and the entry last: a process that starts during a build sees the old program or
 * the new one, never a mixture.
 *
 * @param {import('./build/bundles.mjs').Bundle} bundle
 * @param {readonly import('esbuild').OutputFile[]} files
 */
async function writeOutputs({ folder, options }, files) {
  await mkdir(inRepository(folder), { recursive: true });
  const entryLast = [...files].sort((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)));
  for (const file of entryLast) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    await writeFile(temporary, file.contents);
    if (options.outfile) await chmod(temporary, executableMode);
    await rename(temporary, file.path);
  }
  return files.map((file) => path.relative(repositoryRoot, file.path));
}

/**
 * @param {readonly string[]} written
 * @param {readonly string[]} copies
 */
async function copyOutput([output = ''], copies) {
  for (const target of copies) await copyWhole({ source: output, target });
}

/**
 * @param {{ source: string, target: string }} files relative to the repository
 * @returns {Promise<string>} the target
 */
async function copyWhole({ source, target }) {
  const file = inRepository(target);
  const temporary = `${file}.${process.pid}.tmp`;
  await mkdir(path.dirname(file), { recursive: true });
  await copyFile(inRepository(source), temporary);
  await rename(temporary, file);
  return target;
}

/** @param {string} file */
function isEntry(file) {
  return path.basename(file) === 'optimus.mjs';
}

/**
 * @param {import('./build/bundles.mjs').Bundle} bundle
 * @param {readonly string[]} inputs
 */
async function copyAssets({ folder }, inputs) {
  const copies = findAssets(inputs, listFiles).map((source) => ({
    source,
    target: path.join(folder, assetTarget(source)),
  }));
  await rm(inRepository(folder, assetTarget('')), { recursive: true, force: true });
  for (const { source, target } of copies) {
    await mkdir(path.dirname(inRepository(target)), { recursive: true });
    await copyFile(inRepository(source), inRepository(target));
  }
  return copies.map(({ target }) => target);
}

/**
 * @param {string} folder relative to the repository
 * @returns {string[]}
 */
function listFiles(folder) {
  const entries = readdirSync(inRepository(folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(repositoryRoot, path.join(entry.parentPath, entry.name)));
}

/**
 * @param {import('./build/bundles.mjs').Bundle} bundle
 * @param {readonly string[]} written
 */
async function removeStale({ folder, owned }, written) {
  const current = new Set(written.map((file) => path.basename(file)));
  const stale = (await readdir(inRepository(folder))).filter(
    (name) => owned.test(name) && !current.has(name),
  );
  await Promise.all(stale.map((name) => rm(inRepository(folder, name), { force: true })));
}

/**
 * @param {string} name
 * @param {import('esbuild').BuildFailure} failure
 */
async function describeErrors(name, failure) {
  const lines = await esbuild.formatMessages(failure.errors ?? [], { kind: 'error', color: false });
  return `${name} does not bundle:\n\n${lines.length > 0 ? lines.join('\n') : String(failure)}`;
}
