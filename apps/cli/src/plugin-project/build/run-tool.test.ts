import { expect, it } from 'vitest';
import { canRun, runTool } from './run-tool.ts';

const call = (script: string) => ({
  program: '/bin/sh',
  args: ['-c', script],
  cwd: '/',
  purpose: 'build neo',
  hint: 'mend it',
});

it('answers what a tool printed', async () => {
  expect(await runTool(call('echo out; echo noise >&2'))).toBe('out\n');
});

it('shows the end of what a tool said when it failed, and how to mend it', async () => {
  const failure = runTool(call('seq 100; echo "main.go:3: no such thing" >&2; exit 2'));
  await expect(failure).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', hint: 'mend it' });
  await expect(failure).rejects.toThrow(
    /^\/bin\/sh cannot build neo:\n(?:\d+\n)*.*main\.go:3: no such thing/s,
  );
  await expect(failure).rejects.not.toThrow(/\n50\n/);
});

it('names a tool that is not there, and what it is for', async () => {
  const failure = runTool({ ...call(''), program: 'no-such-tool' });
  await expect(failure).rejects.toThrow('no-such-tool is needed to build neo, and does not start');
});

it('tells whether a tool is of use', async () => {
  expect(await canRun('/bin/sh', ['-c', 'true'])).toBe(true);
  expect(await canRun('/bin/sh', ['-c', 'false'])).toBe(false);
  expect(await canRun('no-such-tool', [])).toBe(false);
});
