import { inRepository } from '../provision/repository.mjs';
import { findTool } from '../provision/tools.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [after] the step that must have ended first
 * @property {string} [needs] a file without which the step is skipped, relative to the repository
 * @property {string} mend the command that repairs or explains what the step found
 */

/**
 * The steps of `npm run check` apart from the tests, in the order of their lines.
 *
 * @param {import('../provision.mjs').Toolchain} toolchain
 * @returns {Step[]}
 */
export function listSteps({ node, env }) {
  const colors = process.stdout.isTTY;
  const script = (/** @type {string} */ file) => ['--conditions=source', inRepository(file)];
  const generator = 'proto/generate.mjs';
  const schema = 'runtime/store/scripts/schema.ts';
  /** @type {Omit<Step, 'env' | 'command'>[]} */
  const steps = [
    {
      name: 'types',
      args: [findTool('tsc'), '-b'],
      mend: 'npm run types',
    },
    {
      name: 'format',
      args: [
        findTool('biome'),
        'ci',
        '--error-on-warnings',
        '--reporter=summary',
        `--colors=${colors ? 'force' : 'off'}`,
      ],
      mend: 'npm run format',
    },
    { name: 'imports', args: script('scripts/check-imports.ts'), mend: 'npm run imports' },
    { name: 'figures', args: script('scripts/figures.ts'), mend: 'npm run figures' },
    { name: 'unused', args: [findTool('knip'), '--no-progress'], mend: 'npm run unused' },
    {
      name: 'generated code',
      args: [inRepository(generator), '--check'],
      needs: generator,
      mend: 'npm run generate',
    },
    {
      name: 'schema',
      args: [...script(schema), '--check'],
      needs: schema,
      mend: `node --conditions=source ${schema}`,
    },
    {
      // The type-aware rules read the declarations `tsc -b` leaves behind.
      name: 'lint',
      args: [findTool('oxlint'), '--type-aware', '--deny-warnings'],
      after: 'types',
      mend: 'npm run lint',
    },
    { name: 'build', args: [inRepository('scripts', 'build.mjs')], mend: 'npm run build' },
  ];
  // Output is collected, so a tool cannot see for itself whether anybody will look at its colours.
  const choice = colors ? { FORCE_COLOR: '1' } : { FORCE_COLOR: undefined, NO_COLOR: '1' };
  return steps.map((step) => ({ ...step, command: node, env: { ...env, ...choice } }));
}
