#!/usr/bin/env node
// Generates src/gen from the .proto files; with --check, fails when the committed code is not what they generate.
// Both tools are started by path under this Node, so neither install scripts nor a PATH are needed.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(import.meta.url);
const root = dirname(fileURLToPath(import.meta.url));
const committedDir = join(root, 'src', 'gen');

const tool = (pkg, bin) => join(dirname(resolve(`${pkg}/package.json`)), 'bin', bin);

function buf(...args) {
  execFileSync(process.execPath, [tool('@bufbuild/buf', 'buf'), ...args], { cwd: root, stdio: 'inherit' });
}

function generateInto(outDir) {
  const plugin = {
    local: [process.execPath, tool('@bufbuild/protoc-gen-es', 'protoc-gen-es')],
    out: outDir,
    // Erasable syntax makes enums `as const` objects: Node runs the result without a build.
    opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'],
  };
  buf('lint');
  buf('generate', '--template', JSON.stringify({ version: 'v2', plugins: [plugin] }));
}

function readTree(dir) {
  if (!existsSync(dir)) return new Map();
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name));
  return new Map(paths.map((path) => [relative(dir, path), readFileSync(path, 'utf8')]));
}

function listDifferences(committed, fresh) {
  const names = [...new Set([...committed.keys(), ...fresh.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  return names.flatMap((name) => {
    if (!committed.has(name)) return [`missing  ${name}`];
    if (!fresh.has(name)) return [`left over  ${name}`];
    return committed.get(name) === fresh.get(name) ? [] : [`differs  ${name}`];
  });
}

function check(freshDir) {
  const differences = listDifferences(readTree(committedDir), readTree(freshDir));
  if (differences.length === 0) return;
  console.error(`proto/src/gen is not what the .proto files generate:\n  ${differences.join('\n  ')}`);
  console.error('Run `node proto/generate.mjs` and commit the result.');
  process.exitCode = 1;
}

function replaceCommitted(freshDir) {
  rmSync(committedDir, { recursive: true, force: true });
  cpSync(freshDir, committedDir, { recursive: true });
}

const freshDir = mkdtempSync(join(tmpdir(), 'optimus-proto-'));
try {
  generateInto(freshDir);
  if (process.argv.includes('--check')) check(freshDir);
  else replaceCommitted(freshDir);
} finally {
  rmSync(freshDir, { recursive: true, force: true });
}
