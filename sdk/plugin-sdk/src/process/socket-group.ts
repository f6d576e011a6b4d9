import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { PluginError } from '../plugin-error.ts';

const groupFile = '/etc/group';

/** Opens a socket to a group, so that a host of another user may connect. `group` is a name or a number. */
export function shareSocket(address: string, group: string): void {
  // The owner stays.
  chownSync(
    address,
    -1,
    findGroupId(group, () => readFileSync(groupFile, 'utf8')),
  );
  chmodSync(address, 0o660);
}

/** The number of a group. `read` answers the system's table of groups. */
export function findGroupId(group: string, read: () => string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const rows = read()
    .split('\n')
    .map((row) => row.split(':'));
  const id = rows.find(([name]) => name === group)?.[2];
  if (id !== undefined) return Number(id);
  throw new PluginError(`PLUGIN_UNIX_SOCKET_GROUP=${group}: ${groupFile} has no such group; give its number`);
}
