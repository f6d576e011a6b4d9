import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { toExecutable } from '../../scripts/build/bundles.mjs';
import { toPluginFileName } from '../../tests/interop/go-plugin/plugin-stage.ts';

/** Folders of plugin files that are gone with the benchmark. */
export class PluginFiles implements Disposable {
  readonly #root = mkdtempSync(path.join(tmpdir(), 'optimus-bench-'));

  /** The plugin in TypeScript, bundled as the bundled plugins are. */
  async buildTypeScript(): Promise<string> {
    const entry = fileURLToPath(new URL('./numbered-plugin.ts', import.meta.url));
    const outfile = path.join(this.#root, 'typescript');
    const { outputFiles = [] } = await esbuild.build(toExecutable({ entry, outfile }));
    await writeFile(outfile, outputFiles[0]?.contents ?? '', { mode: 0o755 });
    return outfile;
  }

  /** A new folder with copies of the program, under these names. */
  makeFolder(program: string, names: readonly string[]): string {
    const folder = mkdtempSync(path.join(this.#root, 'plugins-'));
    for (const name of names) {
      const file = path.join(folder, toPluginFileName(name));
      copyFileSync(program, file);
      chmodSync(file, 0o755);
    }
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
