import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { renderPlugin } from './new-plugin.ts';

const readManifest = async (url: URL) => JSON.parse(await readFile(url, 'utf8'));

it('gives an author the versions of the tools that this project is built with', async () => {
  const files = await renderPlugin({ name: 'a', kind: 'task', language: 'typescript', image: 'a' }, 'sdk');
  const own = await readManifest(new URL('../../../../../package.json', import.meta.url));
  const { devDependencies } = JSON.parse(files.get('package.json') ?? '');
  for (const tool of ['@types/node', 'esbuild', 'typescript']) {
    expect(devDependencies[tool], tool).toBe(own.devDependencies[tool]);
  }
});

it.each(['task', 'hook'] as const)('says in either language that it is a %s', async (kind) => {
  const render = (language: 'typescript' | 'go') =>
    renderPlugin({ name: 'a', kind, language, image: 'a' }, 'sdk');
  expect((await render('typescript')).get('src/plugin.ts')).toContain(`type: '${kind}'`);
  expect((await render('go')).get('plugin.go')).toContain(`PLUGIN_TYPE_${kind.toUpperCase()}`);
});

it('leaves macros of Optimus and expressions of the workflow as they are', async () => {
  const files = await renderPlugin({ name: 'a', kind: 'task', language: 'typescript', image: 'a' }, 'sdk');
  expect(files.get('src/plugin.ts')).toContain("DAY: '{{.DSTART}}'");
  expect(files.get('Dockerfile')).toContain('FROM ${EXECUTOR_IMAGE}');
});
