import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes files, path → content, to a folder of the running test's own and returns its path; objects become JSON. */
export function createRepository(files: Readonly<Record<string, string | object>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'optimus-scripts-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

/** The manifest of a package that exports itself and its test support. */
export function manifestOf(name: string, dependencies: readonly string[] = []): object {
  return {
    name,
    exports: { '.': './src/index.ts', './testing': './src/testing/index.ts' },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])),
  };
}

/** The root manifest of a repository with the usual layers. */
export const rootManifest = {
  name: 'optimus',
  workspaces: ['proto', 'core/*', 'runtime/*', 'sdk/*', 'apps/*', 'plugins/*'],
  devDependencies: { vitest: '*', '@types/pg': '*' },
};
