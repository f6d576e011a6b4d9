import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NEO = fileURLToPath(new URL('../../../../plugins/neo/src/main.ts', import.meta.url));

/** Installs the neo plugin, run from its sources, into a folder of its own below the given one, and answers that folder. */
export async function installNeoPlugin(folder: string): Promise<string> {
  const plugins = path.join(folder, 'plugins');
  const file = path.join(plugins, `optimus-neo_${toGoPlatform()}`);
  await mkdir(plugins, { recursive: true, mode: 0o755 });
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' --conditions=source '${NEO}'\n`);
  await chmod(file, 0o755);
  return plugins;
}

function toGoPlatform(): string {
  return `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
