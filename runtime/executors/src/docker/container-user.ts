import { OptimusError } from '@optimus/domain';
import type { Container } from 'dockerode';
import { readContainerFile } from './container-files.ts';

/** Numbers by which a file belongs to somebody. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** Who an image's `USER` is: numbers are taken as they are, names are looked up where the container itself does. @throws OptimusError `EXECUTOR_FAILED` */
export async function findContainerUser(container: Container, user: string): Promise<FileOwner> {
  const [name = '', group = ''] = user.split(':');
  if (name === '') return { uid: 0, gid: 0 };
  const account = await findAccount(container, name);
  const gid = group === '' ? account.gid : await findGroup(container, group);
  return { uid: account.uid, gid };
}

async function findAccount(container: Container, name: string): Promise<FileOwner> {
  const [, uid, gid] = (await findEntry(container, '/etc/passwd', name)) ?? [];
  if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  if (isNumber(name)) return { uid: Number(name), gid: 0 };
  throw unknownUser(name, '/etc/passwd');
}

async function findGroup(container: Container, group: string): Promise<number> {
  if (isNumber(group)) return Number(group);
  const [, gid] = (await findEntry(container, '/etc/group', group)) ?? [];
  if (gid !== undefined) return Number(gid);
  throw unknownUser(group, '/etc/group');
}

/** The fields behind the name, of the line that bears the name or the number. */
async function findEntry(container: Container, file: string, wanted: string) {
  const text = (await readContainerFile(container, file)) ?? '';
  const entries = text.split('\n').map((line) => line.split(':'));
  return entries.find(([name, , id]) => name === wanted || id === wanted)?.slice(1);
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function unknownUser(name: string, file: string): OptimusError {
  return new OptimusError('EXECUTOR_FAILED', {
    message: `the image runs as "${name}", of which its ${file} knows nothing`,
    hint: 'have the Dockerfile create the account, or name it by its number',
  });
}
