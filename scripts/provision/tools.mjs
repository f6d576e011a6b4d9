import { inRepository } from './repository.mjs';

const files = {
  biome: '@biomejs/biome/bin/biome',
  knip: 'knip/bin/knip.js',
  oxlint: 'oxlint/bin/oxlint',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
};

/**
 * The script of a development tool, to be run by Node itself: npm's links are shell wrappers on Windows.
 *
 * @param {keyof typeof files} name
 */
export function findTool(name) {
  return inRepository('node_modules', ...files[name].split('/'));
}
