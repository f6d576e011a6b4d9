import type { VerbSpec } from '../../command-line/command-spec.ts';

/** `optimus plugin create` and `optimus plugin build`: for those who write plugins. */
export const authoringVerbs: readonly VerbSpec[] = [
  {
    name: 'create',
    arguments: '[name]',
    description: 'make the folder of a new plugin: its source, an executor, images, tests',
    flags: [
      { flags: '--name <name>', description: 'same as the argument', isHidden: true },
      { flags: '--kind <kind>', description: 'task or hook (default: task)' },
      { flags: '--language <language>', description: 'typescript or go (default: typescript)' },
      { flags: '--dir <folder>', description: 'repository that it belongs to (default: the current folder)' },
      {
        flags: '--image <repository>',
        description: 'where its images are kept, without a tag (default: optimus-<kind>-<name>)',
      },
      {
        flags: '--sdk <source>',
        description: 'folder, archive or npm name of the SDK (default: the one shipped)',
      },
    ],
    example: 'optimus plugin create neo --kind task --image ghcr.io/acme/optimus-task-neo',
    load: () => import('./create.ts'),
  },
  {
    name: 'build',
    arguments: '[folder]',
    description: 'build executables, archives and checksums of a plugin, and its images',
    flags: [
      {
        flags: '--os-arch <pairs>',
        description: 'only these, such as linux/amd64,darwin/arm64; may be repeated',
        isRepeatable: true,
      },
      { flags: '--all', description: 'all six of linux, darwin, windows and amd64, arm64 (default)' },
      {
        flags: '--plugin-version <version>',
        description: 'version to build (default: the one in plugin.json)',
      },
      {
        flags: '--standalone',
        description: 'TypeScript: programs that need no Node (default: for this machine alone)',
      },
      { flags: '--image', description: 'also build the image of the executor' },
      {
        flags: '--wrapped',
        description: 'wrap the image with the optimus command; the plugin names that one',
      },
      { flags: '--push', description: 'push the images that were built' },
      { flags: '--engine <engine>', description: 'docker or podman (default: the one that answers)' },
      { flags: '--output-dir <folder>', description: 'folder to replace (default: dist in the plugin)' },
    ],
    example: 'optimus plugin build task/neo --image --plugin-version 1.0.0',
    load: () => import('./build.ts'),
  },
];
