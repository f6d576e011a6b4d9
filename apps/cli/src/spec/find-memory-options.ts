import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Presets, toCanonicalJson } from '@optimus/domain';
import type { ClientConfig } from '../config/client-config.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { JobMemoryOptions } from './job-memory.ts';

/** The name of the built command, which names its parts by their content: equal files, equal programs. */
const PROGRAM = 'optimus.mjs';

/** What reading jobs may be remembered by: a command of another build, or with other presets, remembers for itself. None from sources. */
export function findMemoryOptions(
  { env }: Pick<Terminal, 'env'>,
  { project }: ClientConfig,
  presets: Presets,
): JobMemoryOptions | undefined {
  const program = process.argv[1] ?? '';
  const cache = findCacheFolder(env);
  if (cache === undefined) return undefined;
  const build = createHash('sha256').update(readFileSync(program)).digest('base64');
  return {
    folder: path.join(cache, 'jobs'),
    rules: toCanonicalJson({ build, project: project.name, presets }),
  };
}

/** Where the built command keeps what it need not find out again; undefined for the command from its sources. */
export function findCacheFolder(env: Terminal['env']): string | undefined {
  if (path.basename(process.argv[1] ?? '') !== PROGRAM) return undefined;
  return path.join(env['HOME'] || homedir(), '.optimus', 'cache');
}
