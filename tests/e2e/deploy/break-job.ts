import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { mutate, type Random } from '@optimus/spec/testing';

/** A folder with a `job.yaml` whose first two lines give version and name. */
interface JobPlace {
  readonly folder: string;
  readonly file: string;
  readonly random: Random;
}

/** Lays something else in the place of a job's file. */
function replace({ file }: JobPlace, make: (file: string) => void): void {
  rmSync(file, { force: true });
  make(file);
}

/** Changes what stands below the line that gives the name: a file that says another name is another job. */
function rewrite({ file }: JobPlace, change: (rest: string) => string): void {
  const [version = '', name = '', ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [version, name, change(rest.join('\n'))].join('\n'));
}

function recode({ file }: JobPlace, encode: (text: string) => Buffer): void {
  writeFileSync(file, encode(readFileSync(file, 'utf8')));
}

function makeQueue(file: string): void {
  const program = 'mkfifo';
  if (spawnSync(program, [file]).status !== 0) throw new Error(`${file} cannot be made a queue`);
}

const BOMB = Array.from({ length: 12 }, (_, level) => {
  const before = level === 0 ? '"lol"' : `*a${level - 1}`;
  return `a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(', ')}]`;
}).join('\n');

/** Ways to break a job, by name. */
export const BREAKAGES: Readonly<Record<string, (place: JobPlace) => void>> = {
  characters: (place) => rewrite(place, (rest) => mutate(rest, place.random)),
  'bytes that are no UTF-8': (place) => recode(place, (text) => Buffer.from(`${text}# é\n`, 'latin1')),
  'UTF-16': (place) => recode(place, (text) => Buffer.from(`\u{FEFF}${text}`, 'utf16le')),
  'a byte order mark and CRLF': (place) =>
    recode(place, (text) => Buffer.from(`\u{FEFF}${text.replaceAll('\n', '\r\n')}`)),
  'a NUL': (place) => rewrite(place, (rest) => `${rest}description: "a\u0000b"\n`),
  'tabs for spaces': (place) => rewrite(place, (rest) => rest.replaceAll('  ', '\t')),
  'a key twice': (place) => rewrite(place, (rest) => `${rest}owner: eve\n`),
  'keys in capitals': (place) => rewrite(place, (rest) => rest.replace('task:', 'Task:')),
  'a list for a map': (place) =>
    rewrite(place, (rest) => rest.replace(/^task:[^]*?(?=^\S|$(?![^]))/m, 'task: [1]\n')),
  'a map for a list': (place) => rewrite(place, (rest) => `${rest}hooks: { a: { b: c } }\ndependencies: 7\n`),
  'a bomb of aliases': (place) => rewrite(place, (rest) => `${rest}${BOMB}\nlabels: *a11\n`),
  'an alias of itself': (place) => rewrite(place, (rest) => `${rest}labels: &l { a: *l }\n`),
  'nesting without end': (place) =>
    rewrite(place, (rest) => `${rest}labels: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`),
  'a second document': (place) => rewrite(place, (rest) => `${rest}---\nversion: 2\nname: another\n`),
  'a huge file': (place) => rewrite(place, (rest) => `${rest}# ${'x'.repeat(20_000_000)}\n`),
  'a huge asset': ({ folder }) =>
    writeFileSync(path.join(folder, 'assets/query.sql'), 'x'.repeat(80_000_000)),
  'an asset that is a queue': ({ folder }) => makeQueue(path.join(folder, 'assets/queue')),
  'an asset of anybody': ({ folder }) => symlinkSync('/dev/zero', path.join(folder, 'assets/zero')),
  'assets within themselves': ({ folder }) => symlinkSync('.', path.join(folder, 'assets/again')),
  'a link to nothing': (place) => replace(place, (file) => symlinkSync('nowhere', file)),
  'a link to itself': (place) => replace(place, (file) => symlinkSync('job.yaml', file)),
  'a device': (place) => replace(place, (file) => symlinkSync('/dev/zero', file)),
  'a queue': (place) => replace(place, makeQueue),
  'no permission': ({ file }) => chmodSync(file, 0),
  nothing: ({ file }) => writeFileSync(file, ''),
  'a text without keys': ({ file }) => writeFileSync(file, 'no yaml: of ours: at all'),
  'what follows no line end': ({ file }) => appendFileSync(file, '\n  - x'),
  'a this.yaml that is wrong': ({ folder }) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'this.yaml'), 'labels: [\n');
  },
};

/** Undoes what no writing of the good files undoes. */
export function clearBroken(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Breaks some jobs of a repository, each in one way; the same for the same random numbers. Answers what was done. */
export function breakJobs(folders: readonly string[], random: Random): readonly string[] {
  const names = Object.keys(BREAKAGES);
  return folders
    .filter(() => random.below(4) === 0)
    .map((folder) => {
      const name = names[random.below(names.length)] ?? 'characters';
      BREAKAGES[name]?.({ folder, file: path.join(folder, 'job.yaml'), random });
      return `${path.basename(folder)}: ${name}`;
    });
}
