import { readFileSync } from 'node:fs';
import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { formatProblem } from '@optimus/spec';
import { createRandom, mutate } from '@optimus/spec/testing';
import { expect, it } from 'vitest';
import { toJobYaml } from '../testing/job-files.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { readJobs } from './read-jobs.ts';

const REPOSITORIES = 200;
const rich = readFileSync(
  new URL('../../../../core/spec/src/fixtures/version-1.yaml', import.meta.url),
  'utf8',
);
const above =
  'owner: them\nlabels: { team: a }\nbehavior:\n  notify:\n    - on: failure\n      channels: [a]\n';

/** A folder of four jobs in which some files are broken. */
function breakRepository(seed: number): Readonly<Record<string, string>> {
  const random = createRandom(seed);
  const files = {
    'a/this.yaml': above,
    'a/one/job.yaml': toJobYaml('one'),
    'a/two/job.yaml': toJobYaml('two').replace('owner: kush\n', ''),
    'a/rich/job.yaml': rich,
    'a/x/y/job.yaml': toJobYaml('three'),
  };
  const broken = random.below(8) + 1;
  return Object.fromEntries(
    Object.entries(files).map(([name, text], index) => [
      name,
      ((broken + 4) >> index) & 1 ? mutate(text, random) : text,
    ]),
  );
}

it(`reads ${REPOSITORIES} malformed repositories: each job is there or has a problem, and each problem a place`, async () => {
  const cwd = await createTemporaryFolder();
  for (let seed = 1; seed <= REPOSITORIES; seed++) {
    const root = path.join(cwd, String(seed));
    const files = breakRepository(seed);
    await writeFiles(root, files);
    const namespace = {
      name: 'a',
      config: {},
      jobPath: path.join(root, 'a'),
      projectPath: root,
      datastores: [],
    };
    const { namespaces, problems } = readJobs([namespace], { cwd: root, computeWindow });
    const good = namespaces.flatMap(({ jobs }) => jobs.map(({ file }) => file));
    const context = `seed ${seed}\n${problems.map(formatProblem).join('\n')}`;
    expect(
      problems.filter(({ line, column }) => !(line >= 1 && column >= 1)),
      context,
    ).toEqual([]);
    for (const problem of problems) {
      expect(Object.keys(files), context).toContain(problem.file);
      expect(problem.message, context).not.toMatch(/undefined|\[object|^$/);
      expect(problem.line, context).toBeLessThanOrEqual((files[problem.file] ?? '').split('\n').length);
    }
    const accused = new Set(problems.map(({ file }) => file));
    const isUnexplained = (file: string) =>
      file.endsWith('job.yaml') && !good.includes(file) && !accused.has(file);
    // What is wrong above is told there alone.
    const jobs = accused.has('a/this.yaml')
      ? []
      : Object.keys(files).filter((file) => file.endsWith('job.yaml'));
    expect(jobs.filter(isUnexplained), context).toEqual([]);
    expect(
      good.filter((file) => accused.has(file)),
      context,
    ).toEqual([]);
  }
});
