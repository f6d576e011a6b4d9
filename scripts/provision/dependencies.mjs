import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runChild } from './child.mjs';
import { assertNotStopped, ToolFailure } from './fail.mjs';
import { showProgress } from './progress.mjs';
import { inRepository, repositoryRoot, stateFolder } from './repository.mjs';

// Inside node_modules, so that deleting the folder deletes the claim that it is complete.
const stampFile = inRepository('node_modules', '.provisioned');
// Stands while an install runs: what an interrupted one leaves behind cannot be trusted to be whole.
const interruptedFile = path.join(stateFolder, 'installing');
const installArguments = [
  'install',
  '--no-save',
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];
const shownLines = 40;

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, extraneous?: boolean, inBundle?: boolean,
 *   os?: string[] | string, cpu?: string[] | string, libc?: string[] | string }} LockEntry
 */

/** Whether node_modules holds what package-lock.json says. */
export async function areDependenciesFresh() {
  const lock = await readText(inRepository('package-lock.json'));
  const hash = hashOf(lock);
  if ((await readText(stampFile)) === hash) return true;
  if (!isInstalled(lock, await readText(inRepository('node_modules', '.package-lock.json')))) return false;
  await writeFile(stampFile, hash);
  return true;
}

/**
 * Makes node_modules match package-lock.json. `npm install` rather than `npm ci`: a lock written where the registry
 * has no packages of other platforms is incomplete in `npm ci`'s eyes, and a changed lock costs seconds, not a full
 * install. Nothing is saved: the lock stays as it is.
 *
 * @throws {ToolFailure} with the end of npm's output
 */
export async function installDependencies() {
  await rm(stampFile, { force: true });
  if (existsSync(interruptedFile)) await rm(inRepository('node_modules'), { recursive: true, force: true });
  await mkdir(stateFolder, { recursive: true });
  await writeFile(interruptedFile, '');
  await showProgress({ doing: 'Installing dependencies', done: 'Installed dependencies' }, runInstall);
  await rm(interruptedFile, { force: true });
  await writeFile(stampFile, hashOf(await readText(inRepository('package-lock.json'))));
}

async function runInstall() {
  const { command, args } = npmCommand();
  const options = { cwd: repositoryRoot, capture: true, disposable: true };
  const { code, output } = await runChild(command, [...args, ...installArguments], options);
  assertNotStopped('installing dependencies');
  if (code !== 0) throw new ToolFailure(describeFailure(code, output));
}

/**
 * Whether every package of the lock that this platform needs lies in node_modules at its locked version,
 * as after an install by hand.
 *
 * @param {string} lockText package-lock.json
 * @param {string} installedText node_modules/.package-lock.json, or empty
 */
export function isInstalled(lockText, installedText) {
  if (installedText === '') return false;
  const locked = parsePackages(lockText);
  const installed = parsePackages(installedText);
  return Object.entries(locked).every(([folder, entry]) => {
    if (!folder.includes('node_modules/')) return true;
    const found = installed[folder];
    if (!found) return entry.optional === true && !mustBePresent(entry);
    return found.version === entry.version && found.link === entry.link;
  });
}

/**
 * @param {string} text
 * @returns {Record<string, LockEntry>}
 */
function parsePackages(text) {
  return JSON.parse(text).packages ?? {};
}

/**
 * Optional packages exist for some platforms only. Those bound to a C library are left to npm's judgement.
 *
 * @param {LockEntry} entry
 */
function mustBePresent({ os, cpu, libc }) {
  if (libc || !os || !cpu) return false;
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

/** npm as this process was started by it, or as the PATH has it. */
function npmCommand() {
  const { npm_execpath: npmScript, npm_node_execpath: npmNode } = process.env;
  if (npmScript?.endsWith('npm-cli.js')) return { command: npmNode ?? process.execPath, args: [npmScript] };
  return process.platform === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/s', '/c', 'npm'] }
    : { command: 'npm', args: [] };
}

/**
 * @param {number} code
 * @param {string} output
 */
function describeFailure(code, output) {
  const tail = output.trimEnd().split('\n').slice(-shownLines).join('\n');
  return `npm install failed (exit code ${code}). Its last words:\n\n${tail}\n\nMend the cause, then run the command again.`;
}

/** @param {string} file */
async function readText(file) {
  return readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** @param {string} text */
function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}
