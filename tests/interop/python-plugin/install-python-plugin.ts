import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../e2e/stage/run-command.ts';
import { checkout } from '../../e2e/stage/stage-folder.ts';
import { buildOnce } from '../build-once.ts';

/** The folder that the example was installed into, or why it could not be. */
export type InstalledPlugin = { readonly pluginDir: string } | { readonly missing: string };

const example = path.join(checkout, 'examples/python-plugin');

/** Installs the Python plugin as its README says, once per checkout and state of its sources. */
export async function installPythonPlugin(): Promise<InstalledPlugin> {
  if (!(await succeeds(['python3', '-m', 'ensurepip', '--version']))) return { missing: 'python3 with venv' };
  const folder = path.join(checkout, '.build', `python-plugin-${digest()}`);
  const pluginDir = path.join(folder, 'plugins');
  const install = [path.join(example, 'install.sh'), pluginDir, path.join(folder, 'environment')] as const;
  const missing = await buildOnce(folder, async () =>
    (await succeeds(install))
      ? undefined
      : { missing: 'package index for Python, or the example does not install' },
  );
  return missing ?? { pluginDir };
}

function digest(): string {
  const hash = createHash('sha256');
  const protos = readdirSync(path.join(checkout, 'proto'), { recursive: true, encoding: 'utf8' });
  const sources = [
    ...readdirSync(example).map((name) => path.join('examples/python-plugin', name)),
    ...protos
      .filter((name) => /^(odpf|plugin)\b.*\.proto$/.test(name))
      .map((name) => path.join('proto', name)),
  ];
  for (const file of sources.sort()) hash.update(readFileSync(path.join(checkout, file)));
  return hash.digest('hex').slice(0, 12);
}

async function succeeds(command: readonly [string, ...string[]]): Promise<boolean> {
  const ended = await runCommand(command, { cwd: checkout, env: process.env }).catch(() => undefined);
  return ended?.code === 0;
}
