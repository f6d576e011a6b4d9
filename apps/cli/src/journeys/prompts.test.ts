import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIMUS_YAML } from '../testing/job-files.ts';
import { installNeoPlugin } from '../testing/neo-plugin.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { hasTerminals, type Keystroke, typeInto } from '../testing/type-into.ts';

const ENTER = '\r';
const BACKSPACE = '\u007f';
const CTRL_C = '\u0003';

const INIT: readonly Keystroke[] = [
  ['What is the Optimus service host?', `localhost:9100${ENTER}`],
  ['What is the Optimus project name?', `neo${ENTER}`],
  ['What is the namespace name?', `team_a${ENTER}`],
  ['What is the type of data store for this namespace?', ENTER],
  ['Do you want to add another namespace?', 'y'],
  ['What is the namespace name?', `team_b${ENTER}`],
  ['What is the type of data store for this namespace?', ENTER],
  ['Do you want to add another namespace?', 'n'],
];

const JOB: readonly Keystroke[] = [
  ['Select directory to save specification?', ENTER],
  ['Provide new directory name to create for this spec?[team_a/jobs/.]', `daily/neo${ENTER}`],
  ['What is the job name?', ENTER],
  ['Who is the owner of this job?', `kush${ENTER}`],
  ['Select task to run?', ENTER],
  ['Specify the schedule start date', `2022-02-30${ENTER}`],
  ['it is not a date', `${BACKSPACE.repeat(10)}2022-09-18${ENTER}`],
  ['Specify the schedule interval (in crontab notation)', ENTER],
  ['Transformation window', ENTER],
  ['Date range start', ENTER],
  ['not a valid string', `{{.DSTART}}${ENTER}`],
  ['Date range end', `{{.DEND}}${ENTER}`],
];

// Without a pseudo-terminal there is nobody to ask.
describe.skipIf(!hasTerminals())('on a terminal', () => {
  it('init asks its questions in their order', async () => {
    const cwd = await createTemporaryFolder();
    const { code, screen } = await typeInto(['init'], INIT, { cwd });
    expect(screen).toContain('project neo is set up in');
    expect(code).toBe(0);
    const text = await readFile(path.join(cwd, 'optimus.yaml'), 'utf8');
    expect(text).toContain('- name: team_a\n');
    expect(text).toContain('- name: team_b\n');
  });

  it('init asks before it replaces optimus.yaml, and a no leaves it as it is', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML });
    const { code, screen } = await typeInto(['init'], [['already exists, replace it?', 'n']], { cwd });
    expect(screen).toContain('optimus.yaml is left as it is');
    expect(code).toBe(130);
    expect(await readFile(path.join(cwd, 'optimus.yaml'), 'utf8')).toBe(OPTIMUS_YAML);
  });

  it('init asks before it replaces the folder of a namespace: a no asks for another name, a yes replaces it', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML, 'team_a/kept': '', 'team_b/gone': '' });
    const name = (typed: string): Keystroke => ['What is the namespace name?', `${typed}${ENTER}`];
    const occupied = (typed: string): Keystroke => ['is occupied, replace?', typed];
    const keystrokes: readonly Keystroke[] = [
      ['already exists, replace it?', 'y'],
      ...INIT.slice(0, 2),
      name('team_a'),
      occupied('n'),
      name('team_b'),
      occupied('y'),
      ['What is the type of data store for this namespace?', ENTER],
      ['Do you want to add another namespace?', 'n'],
    ];
    const { code, screen } = await typeInto(['init'], keystrokes, { cwd });
    expect(screen).toContain('namespace team_b: replaced');
    expect(code).toBe(0);
    expect(await readFile(path.join(cwd, 'optimus.yaml'), 'utf8')).not.toContain('team_a');
    expect(existsSync(path.join(cwd, 'team_a/kept'))).toBe(true);
    expect(existsSync(path.join(cwd, 'team_b/gone'))).toBe(false);
  });

  it('job create asks its questions in their order, and has the plugin check the answers', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML });
    const env = { OPTIMUS_PLUGIN_DIRS: await installNeoPlugin(cwd) };
    const { code, screen } = await typeInto(['job', 'create'], JOB, { cwd, env });
    expect(screen).toContain('job created successfully daily.neo');
    expect(code).toBe(0);
    const text = await readFile(path.join(cwd, 'team_a/jobs/daily/neo/job.yaml'), 'utf8');
    expect(text).toContain('RANGE_START: "{{.DSTART}}"\n    RANGE_END: "{{.DEND}}"\n');
  });

  it('Ctrl-C ends a command with 130 and leaves nothing behind', async () => {
    const cwd = await createTemporaryFolder();
    const [first] = INIT;
    const { code, screen } = await typeInto(['init'], [[first?.[0] ?? '', CTRL_C]], { cwd });
    expect(screen).toContain('cancelled; nothing is changed');
    expect(code).toBe(130);
    await expect(readFile(path.join(cwd, 'optimus.yaml'))).rejects.toThrow('ENOENT');
  });
});
