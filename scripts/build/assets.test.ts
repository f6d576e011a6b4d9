import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../provision/repository.mjs';
import { createRepository } from '../testing/temporary-repository.ts';
import { findAssets, keepImportMeta } from './assets.mjs';

test('collects what is not code from the source folders that a bundle used', () => {
  const files = {
    'runtime/store/src': [
      'runtime/store/src/a.ts',
      'runtime/store/src/migrations/0001.sql',
      'runtime/store/src/DESIGN.md',
    ],
    'core/domain/src': ['core/domain/src/a.ts', 'core/domain/src/fixtures/old.json'],
  };
  const inputs = ['runtime/store/src/a.ts', 'core/domain/src/a.ts', 'node_modules/pg/src/index.js'];
  const found = findAssets(inputs, (folder) => files[folder as keyof typeof files]);
  expect(found).toEqual(['runtime/store/src/migrations/0001.sql']);
});

test('tells a bundled source its place among the assets, and that it is not the program', async () => {
  const root = createRepository({
    'main.ts':
      "import { place } from './src/place.ts';\nconsole.log(JSON.stringify([import.meta.main, ...place]));",
    'src/place.ts':
      'export const place = [import.meta.main, import.meta.url, import.meta.filename, import.meta.dirname];',
  });
  const entry = path.join(root, 'main.ts');
  const outfile = path.join(root, 'dist', 'main.mjs');
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [keepImportMeta({ entry })],
  });
  const { stdout } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
  const [main, inner, url, filename, dirname] = JSON.parse(stdout);
  expect([main, inner]).toEqual([true, false]);
  const place = path.resolve(
    path.dirname(outfile),
    'assets',
    path.relative(repositoryRoot, root),
    'src/place.ts',
  );
  expect(filename).toBe(place);
  expect(url).toBe(`file://${place}`);
  expect(dirname).toBe(path.dirname(place));
});
