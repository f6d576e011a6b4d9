import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';

const moduleOf = (name: string) => JSON.stringify(path.join(import.meta.dirname, name));

/** A step of the tool chain whose child says that it runs, and fails whenever it is told to stop. */
const program = `import { runChild } from ${moduleOf('child.mjs')};
import { assertNotStopped, runMain, ToolFailure } from ${moduleOf('fail.mjs')};
await runMain(async () => {
  await runChild(process.execPath, ['-e', "console.log('ready'); setInterval(() => {}, 1000);"]);
  assertNotStopped('building');
  throw new ToolFailure('The build failed');
});`;

test.skipIf(process.platform === 'win32')(
  'a step ended by Ctrl-C is said to be stopped, not broken',
  async () => {
    const step = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    step.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(step.stdout, 'data');
    step.kill('SIGINT');
    const [code] = await once(step, 'close');
    expect({ code, said }).toEqual({
      code: 130,
      said: 'Stopped while building; run the command again to go on.\n',
    });
  },
);
