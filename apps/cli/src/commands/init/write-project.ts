import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { CONFIG_FILE_NAME } from '../../config/read-client-config.ts';
import type { NewNamespace, NewProject } from './ask-project.ts';

/** Writes `optimus.yaml` and the folders of the namespaces, which whoever the umask admits may read: git asks no more. Folders that were not to be replaced keep what they hold. */
export async function writeProject(folder: string, project: NewProject): Promise<void> {
  for (const namespace of project.namespaces) await makeNamespaceFolders(folder, namespace);
  const text = stringify(toConfigDocument(project), { lineWidth: 0 });
  await writeFile(path.join(folder, CONFIG_FILE_NAME), text);
}

async function makeNamespaceFolders(folder: string, { name, isReplaced }: NewNamespace): Promise<void> {
  const target = path.join(folder, name);
  if (isReplaced) await rm(target, { recursive: true, force: true });
  for (const part of ['jobs', 'resources']) await mkdir(path.join(target, part), { recursive: true });
}

function toConfigDocument({ host, name, namespaces }: NewProject) {
  return {
    version: 1,
    log: { level: 'INFO' },
    host,
    project: { name, config: {} },
    namespaces: namespaces.map((namespace) => ({
      name: namespace.name,
      config: {},
      job: { path: `${namespace.name}/jobs` },
      datastore: [{ type: namespace.datastore, path: `${namespace.name}/resources`, backup: {} }],
    })),
  };
}
