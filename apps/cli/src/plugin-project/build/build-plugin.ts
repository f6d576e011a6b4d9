import { type PluginImages, toPluginImages } from '../image-reference.ts';
import type { PluginProject } from '../plugin-project.ts';
import { buildImages } from './build-images.ts';
import { buildPrograms } from './build-programs.ts';
import { findImageEngine, type ImageEngine, pushImage } from './image-engine.ts';
import { replaceFolder } from './output-folder.ts';
import { writeArchives, writeChecksums } from './release-files.ts';
import type { TargetPlatform } from './target-platform.ts';

/** One build of a plugin. */
export interface PluginBuild {
  readonly project: PluginProject;
  readonly version: string;
  readonly targets: readonly TargetPlatform[];
  /** TypeScript only: executables that need no Node. */
  readonly isStandalone: boolean;
  /** Whether the plugin names the wrapped image, and that image is built. */
  readonly isWrapped: boolean;
  /** Absent when no image is to be built. */
  readonly images?: { readonly engine: ImageEngine | undefined; readonly isPushed: boolean };
  /** Absolute path of the folder that is replaced. */
  readonly output: string;
}

/** What a build has made. */
export interface BuiltPlugin {
  readonly archives: readonly string[];
  readonly images: readonly string[];
}

/** Builds executables, archives, checksums and images. When any of it fails, `output` is what it was before. */
export async function buildPlugin(build: PluginBuild): Promise<BuiltPlugin> {
  const { project, version, isWrapped } = build;
  const engine = build.images && (await findImageEngine(build.images.engine));
  const images = toPluginImages(project, version);
  const built = await replaceFolder(build.output, async (folder) => {
    const archives = await writeRelease(build, { folder, images });
    const references = engine === undefined ? [] : await buildImages({ project, engine, images, isWrapped });
    return { archives, images: references };
  });
  if (engine !== undefined && build.images?.isPushed) {
    for (const reference of built.images) await pushImage(engine, reference);
  }
  return built;
}

async function writeRelease(
  build: PluginBuild,
  { folder, images }: { readonly folder: string; readonly images: PluginImages },
): Promise<readonly string[]> {
  const { project, version, isWrapped } = build;
  const image = isWrapped ? images.wrapped : images.executor;
  const programs = await buildPrograms({ ...build, image, folder });
  const archives = await writeArchives(folder, { plugin: { name: project.name, version }, programs });
  await writeChecksums(folder);
  return archives;
}
