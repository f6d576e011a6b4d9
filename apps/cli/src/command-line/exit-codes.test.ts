import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runOptimus } from '../testing/run-optimus.ts';

const cwd = tmpdir();

describe('a command that is called rightly', () => {
  it('prints its result to stdout and ends with 0', async () => {
    expect(await runOptimus(['version'], { cwd })).toEqual({
      code: 0,
      stdout: 'Client: 0.1.0\n',
      stderr: '',
    });
  });

  it('prints the version as data when asked to', async () => {
    const { stdout } = await runOptimus(['version', '--output', 'json'], { cwd });
    expect(JSON.parse(stdout)).toEqual({ client: '0.1.0' });
  });

  it('shows help with an example', async () => {
    const { code, stdout } = await runOptimus(['secret', 'set', '--help'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Example:\n  optimus secret set');
  });
});

describe('help that is asked for', () => {
  it.each([
    [['help'], 'Usage: optimus [options]'],
    [['help', 'job'], 'Usage: optimus job [options] [command]'],
    [['help', 'job', 'list-runs'], 'Usage: optimus job runs|list-runs'],
    [['job', 'help', 'runs'], 'Usage: optimus job runs|list-runs'],
    [['help', 'deploy'], 'Usage: optimus deploy'],
  ])('is about the very command, and ends with 0: %j', async (args, usage) => {
    const { code, stdout, stderr } = await runOptimus(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(usage);
  });

  it.each([
    [['help', 'jbo'], 'did you mean job?'],
    [['help', 'job', 'logz'], 'did you mean logs?'],
  ])('says what was meant where there is no such command: %j', async (args, said) => {
    const { code, stdout, stderr } = await runOptimus(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });
});

describe('a command that is called wrongly', () => {
  it.each([
    [['jbo'], 'did you mean job?'],
    [['secret', 'sett'], 'did you mean set?'],
    [['version', '--with-sever'], 'did you mean --with-server?'],
    [['--host', 'h', 'job', 'list'], 'write it after the command'],
    [['job', 'logs'], "missing required argument 'job'"],
    [['job', 'runs'], '--select is not given, and no job is named'],
    [['job', 'pause', 'one', '--select', 'two'], '--select is given beside the job one'],
    [['job', 'list', '--output', 'xml', '--host', 'h', '--project', 'p'], 'cannot reach'],
  ])('says what was meant: %j', async (args, said) => {
    const { code, stdout, stderr } = await runOptimus(args, { cwd });
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
    expect(code).toBeGreaterThan(0);
  });

  it('ends with 2', async () => {
    expect(await runOptimus(['job', 'list', '--hots', 'h'], { cwd })).toMatchObject({ code: 2 });
    expect(await runOptimus(['job', 'list'], { cwd })).toMatchObject({ code: 2 });
    expect(await runOptimus(['job'], { cwd })).toMatchObject({ code: 2 });
  });

  it('names the flag that is missing and what it is for', async () => {
    const { stderr } = await runOptimus(['job', 'list', '--host', 'localhost:9100'], { cwd });
    expect(stderr).toBe(
      'Error: --project-name is not given\n  → name the project, or run where there is an optimus.yaml\n',
    );
  });
});

describe('a server that is not there', () => {
  it('is an error with a next step, at once, and ends with 1', async () => {
    const { code, stderr } = await runOptimus(['project', 'list', '--host', '127.0.0.1:1'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Error: cannot reach the Optimus server: 127.0.0.1:1 accepts no connection\n' +
        '  → start a server with: optimus serve, or name another with --host host:port\n',
    );
  });
});

describe('admin commands', () => {
  it('are hidden from help until they are enabled', async () => {
    const hidden = await runOptimus(['--help'], { cwd });
    const shown = await runOptimus(['--help'], { cwd, env: { OPTIMUS_ADMIN_ENABLED: '1' } });
    expect(hidden.stdout).not.toContain('admin');
    expect(shown.stdout).toContain('admin');
  });

  it('work although they are hidden', async () => {
    const { code, stdout } = await runOptimus(['admin', 'build', 'instance', '--help'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('--output-dir');
  });
});

describe('colours', () => {
  const args = ['project', 'list', '--host', '127.0.0.1:1'];

  it('are off where nobody sees them', async () => {
    const { stderr } = await runOptimus(args, { cwd });
    expect(stderr).not.toContain('\u001b[');
  });

  it('are off with --no-color, whatever the environment says', async () => {
    const { stderr } = await runOptimus([...args, '--no-color'], { cwd, env: { FORCE_COLOR: '1' } });
    expect(stderr).not.toContain('\u001b[');
  });
});
