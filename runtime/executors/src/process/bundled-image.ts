import { readFileSync } from 'node:fs';
import path from 'node:path';
import { invariant } from '@optimus/domain';
import type { CommandLine } from './process-image.ts';

/** What an image's folder says of how it runs as a process. */
const descriptionFile = 'process.json';

/** Parts of an image's name that can be folders: none leads out of the one they are in. */
const imageName = /^\w[\w.:-]*(?:\/\w[\w.:-]*)*$/;

/**
 * The command line of an image whose program came along: `<dir>/<image name>/process.json` holds it as `command`. Words
 * that begin with `./` are files beside it, and `node` is the Node that runs this. Undefined when the image did not come along.
 */
export function findBundledCommand(name: string, dir: string): CommandLine | undefined {
  if (!imageName.test(name)) return undefined;
  const folder = path.join(dir, name);
  const text = readIfPresent(path.join(folder, descriptionFile));
  return text === undefined ? undefined : readCommand(text, folder).map((word) => toWord(word, folder));
}

function readCommand(text: string, folder: string): CommandLine {
  const { command }: Record<string, unknown> = { ...JSON.parse(text) };
  const isCommand = Array.isArray(command) && command.every((word) => typeof word === 'string');
  invariant(isCommand && command.length > 0, `${folder}/${descriptionFile} holds no command`);
  return command;
}

function toWord(word: string, folder: string): string {
  if (word === 'node') return process.execPath;
  return word.startsWith('./') ? path.join(folder, word) : word;
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
