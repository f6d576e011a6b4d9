import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { toPlatform } from '../discovery/platform.ts';
import { createPluginHost, type PluginHost, type PluginHostOptions } from '../plugin-host.ts';
import { RecordingLog } from './recording-log.ts';

/** Fixtures run from TypeScript: without the cache each start would translate all of it again. */
export const compileCache = fileURLToPath(
  new URL('../../../../node_modules/.cache/plugin-fixtures', import.meta.url),
);

/** For what other processes do: the machine may be busy. */
export const patience = { timeout: 10_000 };

const platform = toPlatform(process.platform, process.arch);

/** A temporary directory of plugins, and the hosts that look into it. */
export class PluginFolder implements AsyncDisposable {
  readonly path = mkdtempSync(path.join(tmpdir(), 'plugins-'));
  readonly log = new RecordingLog();
  readonly #hosts: PluginHost[] = [];

  /** A file as it is. Returns its path. */
  addFile(fileName: string, content: string | Uint8Array, mode = 0o755): string {
    const file = path.join(this.path, fileName);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
    return file;
  }

  /** A plugin that is a shell script; `body` follows its first line. */
  addScript(name: string, body: string): string {
    return this.addFile(toFileName(name), `#!/bin/sh\n${body}\n`);
  }

  /** A plugin that is a program of `src/fixtures`. */
  addFixture(name: string, fixture: string, ...args: ReadonlyArray<string>): string {
    const program = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
    const command = [process.execPath, '--conditions=source', program, ...args];
    const environment = `NODE_COMPILE_CACHE='${compileCache}'`;
    return this.addScript(name, `${environment} exec ${command.map((word) => `'${word}'`).join(' ')}`);
  }

  /** A host that knows no other directory. */
  createHost(options: Partial<PluginHostOptions> = {}): PluginHost {
    const nowhere = path.join(this.path, 'nowhere');
    const places = { cwd: nowhere, execDir: nowhere, home: nowhere };
    const host = createPluginHost({ ...places, dirs: [this.path], log: this.log, ...options });
    this.#hosts.push(host);
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.stop()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `optimus-<name>_<os>_<arch>` for this machine. */
export function toFileName(name: string): string {
  return `optimus-${name}_${platform.os}_${platform.arch}`;
}

/** Why the only plugin of a host cannot be used. */
export async function readFailure(host: PluginHost): Promise<string> {
  const [entry] = await host.list();
  return entry?.state === 'failed' ? entry.reason : `state ${entry?.state}`;
}
