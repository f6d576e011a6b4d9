import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTlsIdentity } from '@optimus/proto/go-plugin-tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PluginFolder, readFailure, toFileName } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

test('speaks TLS with a plugin of the SDK', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost({ autoMtls: true });
  expect(await host.getQuestions('task', 'sample', 'job')).toHaveLength(1);
});

test('says at the start that a plugin does not support AutoMTLS', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs');
  const reason = await readFailure(folder.createHost({ autoMtls: true }));
  expect(reason).toMatch(/does not support AutoMTLS; update it, or set plugin\.auto_mtls: false$/);
});

test('says at the start that a plugin speaks TLS unasked', async () => {
  const { handshakeField } = createTlsIdentity();
  folder.addScript('bad', `echo '1|1|unix|/tmp/p|grpc|${handshakeField}'; exec sleep 600`);
  expect(await readFailure(folder.createHost())).toContain('speaks TLS although it was not told to');
});

test('runs a pinned file that is as recorded, in whatever case the sum is written', async () => {
  const file = folder.addFixture('sample', 'sdk-plugin.mjs');
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex').toUpperCase();
  const host = folder.createHost({ checksums: { [toFileName('sample')]: sum } });
  expect(await host.find('task', 'sample')).toBeDefined();
});

test.each(['0'.repeat(64), 'abc', ''])('never runs a pinned file whose recorded sum is "%s"', async (sum) => {
  const canary = path.join(folder.path, 'canary');
  folder.addScript('sample', `touch '${canary}'`);
  const host = folder.createHost({ checksums: { [toFileName('sample')]: sum } });
  expect(await readFailure(host)).toMatch(
    /does not match its recorded SHA-256; reinstall it; its own is [\da-f]{64}$/,
  );
  expect(existsSync(canary)).toBe(false);
});
