import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '@optimus/domain';
import { createPluginHost, type PluginHost, type PluginHostOptions } from '@optimus/plugin-host';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const goArch: Readonly<Record<string, string>> = { x64: 'amd64' };

/** A folder with plugins in it, and the hosts that use them. */
export class PluginStage implements AsyncDisposable {
  readonly path = mkdtempSync(path.join(tmpdir(), 'interop-'));
  readonly lines: LogLine[] = [];
  readonly #hosts: PluginHost[] = [];

  /** A plugin that is `program`, told by its environment what it is. Returns the file. */
  addProgram(program: string, settings: Readonly<Record<string, string>> = {}, name = 'sample'): string {
    const words = Object.entries(settings).map(([key, value]) => `SAMPLE_${key}='${value}'`);
    return this.addScript(`${words.join(' ')} exec '${program}'`, name);
  }

  addScript(body: string, name = 'sample'): string {
    const file = path.join(this.path, toPluginFileName(name));
    writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return file;
  }

  /** A host that looks nowhere else. */
  createHost(options: Partial<PluginHostOptions> = {}): PluginHost {
    const nowhere = path.join(this.path, 'nowhere');
    const places = { dirs: [this.path], cwd: nowhere, execDir: nowhere, home: nowhere };
    const host = createPluginHost({ ...places, log: createRecordingLog(this.lines), ...options });
    this.#hosts.push(host);
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.stop()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function toPluginFileName(name: string): string {
  return `optimus-${name}_${process.platform}_${goArch[process.arch] ?? process.arch}`;
}

function createRecordingLog(lines: LogLine[], bound: Readonly<Record<string, unknown>> = {}): Log {
  const at =
    (level: LogLine['level']): Log['info'] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields: { ...bound, ...fields } });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createRecordingLog(lines, { ...bound, ...fields }),
  };
}
