import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { invariant, OptimusError } from '@optimus/domain';
import { type PluginProject, PROJECT_FILE } from '../plugin-project.ts';
import { loadProjectModule } from './project-modules.ts';

/** What becomes of a bundle: a script that Node runs by its first line, or the main program within a copy of Node. */
export type BundleForm = 'script' | 'embedded';

/** The version and the image that go into a bundle. */
export interface BundleStamp {
  readonly version: string;
  readonly image: string;
}

// A script has to run wherever it is put. The version in its name looks like an extension, which Node refuses by itself below a
// package.json that says "module"; loaded by `require`, any file is what it was written as. The second line is a comment to Node; the
// third lets hosts remember what the plugin says of itself.
const BANNERS: Readonly<Record<BundleForm, string>> = {
  script: `#!/bin/sh
':' //; exec node -e 'require(process.argv[1])' "$0" "$@"
// optimus: self-contained
'use strict';
var require = process.getBuiltinModule('node:module').createRequire(process.argv[1]);
var __entryUrl = process.getBuiltinModule('node:url').pathToFileURL(process.argv[1]).href;`,
  embedded: `'use strict';
var require = process.getBuiltinModule('node:module').createRequire(process.execPath);
var __entryUrl = process.getBuiltinModule('node:url').pathToFileURL(process.execPath).href;`,
};

// In two parts: the build of this command takes the whole word for a question about its own place.
const META = 'import.meta';

/** Bundles a plugin in TypeScript, its dependencies included, into one file. */
export async function bundleTypeScript(
  project: PluginProject,
  { form, version, image }: BundleStamp & { readonly form: BundleForm },
): Promise<Uint8Array> {
  const esbuild = await loadProjectModule(project, 'esbuild');
  assertIsEsbuild(esbuild);
  const result = await esbuild
    .build(await toOptions(project, form, { version, image }))
    .catch((cause: unknown) => {
      throw new OptimusError('PRECONDITION_FAILED', {
        message: `${project.name} does not bundle: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: 'see that `npm run types` passes',
        cause,
      });
    });
  const contents = result.outputFiles[0]?.contents;
  invariant(contents, 'a bundle without an output');
  return contents;
}

interface Esbuild {
  build(options: object): Promise<{ readonly outputFiles: ReadonlyArray<{ readonly contents: Uint8Array }> }>;
}

function assertIsEsbuild(loaded: unknown): asserts loaded is Esbuild {
  const isEsbuild = typeof loaded === 'object' && loaded !== null && 'build' in loaded;
  invariant(isEsbuild, 'a module called esbuild that does not build');
}

async function toOptions(project: PluginProject, form: BundleForm, stamp: BundleStamp) {
  return {
    absWorkingDir: project.folder,
    entryPoints: ['src/main.ts'],
    bundle: true,
    write: false,
    outfile: 'plugin.js',
    platform: 'node',
    target: 'node22',
    format: 'iife',
    legalComments: 'none',
    logLevel: 'silent',
    banner: { js: BANNERS[form] },
    define: { [`${META}.url`]: '__entryUrl', [`${META}.main`]: 'true' },
    plugins: [await stampProject(project, stamp)],
  };
}

/** The project file that the source reads says, within a build, what is being built. */
async function stampProject({ folder }: PluginProject, stamp: BundleStamp) {
  const file = path.join(folder, PROJECT_FILE);
  const contents = JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...stamp });
  return {
    name: 'stamp-project',
    setup(build: EsbuildPluginHost) {
      build.onLoad({ filter: /[\\/]plugin\.json$/ }, ({ path: loaded }) =>
        loaded === file ? { contents, loader: 'json' } : undefined,
      );
    },
  };
}

interface EsbuildPluginHost {
  onLoad(
    options: { readonly filter: RegExp },
    load: (file: {
      readonly path: string;
    }) => { readonly contents: string; readonly loader: 'json' } | undefined,
  ): void;
}
