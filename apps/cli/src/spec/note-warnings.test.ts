import { expect, it } from 'vitest';
import { OPTIMUS_YAML, toJobYaml } from '../testing/job-files.ts';
import { runOptimus } from '../testing/run-optimus.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';

it('says which parts of good jobs are not acted on, ten of them and how many more', async () => {
  const cwd = await createTemporaryFolder();
  const names = Array.from({ length: 12 }, (_, index) => `job_${index + 10}`);
  const files = names.map((name) => [
    `team_a/jobs/${name}/job.yaml`,
    toJobYaml(name).replace('task:', 'task:\n  version: "2"'),
  ]);
  await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML, ...Object.fromEntries(files) });
  const { code, stdout, stderr } = await runOptimus(['job', 'validate', '--offline'], { cwd });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '12 job files are good\n' });
  const lines = stderr.trimEnd().split('\n');
  expect(lines[0]).toBe(
    'Warning: team_a/jobs/job_10/job.yaml:8:12 task.version is not acted on by this version',
  );
  expect(lines[10]).toBe('Warning: and 2 more like these');
  expect(lines).toHaveLength(11);
});
