import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inRepository } from '../provision/repository.mjs';
import { listExecutorFiles } from './executors.mjs';

const folders = globSync('plugins/*/executor', { cwd: inRepository() });

test.each(folders)('%s is described under the image that its plugin names', (folder) => {
  const { image, command } = JSON.parse(readFileSync(inRepository(folder, 'process.json'), 'utf8'));
  expect(readFileSync(inRepository(folder, '../src/plugin.ts'), 'utf8')).toContain(`image: \`${image}:`);
  for (const word of command.filter((part: string) => part.startsWith('./'))) {
    expect(listExecutorFiles()).toContainEqual({
      source: path.join(folder, word),
      target: path.join('apps/cli/dist/.optimus/executors', image, word),
    });
  }
});

test('everything of an image goes along but how it is built', () => {
  const files = listExecutorFiles().map(({ source }) => source);
  expect(files).toEqual(
    expect.arrayContaining([
      'plugins/http/executor/redirect.mjs',
      'plugins/python/executor/requirements.txt',
    ]),
  );
  expect(files.filter((file) => file.endsWith('Dockerfile'))).toEqual([]);
});
