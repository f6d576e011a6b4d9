import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findGroupId, shareSocket } from './socket-group.ts';

const table = () => 'root:x:0:\nplugins:x:1234:ana,bo\n';

test('a group is known by its number, or by its name in the table', () => {
  expect(findGroupId('77', table)).toBe(77);
  expect(findGroupId('plugins', table)).toBe(1234);
});

test('a group that is not there is named, with the mend', () => {
  expect(() => findGroupId('nobody-knows', table)).toThrow(
    'PLUGIN_UNIX_SOCKET_GROUP=nobody-knows: /etc/group has no such group; give its number',
  );
});

test('what is shared is for the owner and the group', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sdk-'));
  const file = path.join(folder, 'socket');
  writeFileSync(file, '', { mode: 0o755 });
  const gid = process.getgid?.() ?? 0;
  shareSocket(file, String(gid));
  expect(statSync(file)).toMatchObject({ gid });
  expect(statSync(file).mode & 0o777).toBe(0o660);
  rmSync(folder, { recursive: true });
});
