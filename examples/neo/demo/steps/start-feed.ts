import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChildProcesses } from '../child-processes.ts';
import { DemoFailure } from '../demo-failure.ts';

const feedServer = fileURLToPath(new URL('../../feed-server.ts', import.meta.url));

/** Starts the feed as a process of its own. Resolves with its URL once it answers. */
export async function startFeed(
  children: ChildProcesses,
  apiKey: string,
  signal: AbortSignal,
): Promise<string> {
  const child = children.start('feed', [process.execPath, feedServer, '--api-key', apiKey], {
    // It may outlive the demo, and must not hold on to the demo's terminal.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (!child.stdout) throw new DemoFailure('the feed has no output');
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data', { signal })) as [string];
  const url = /ready on (\S+)/.exec(line)?.[1];
  if (url === undefined) throw new DemoFailure(`the feed did not start: ${line}`);
  // Nothing more comes, and an open pipe would keep this process up.
  child.stdout.destroy();
  return url;
}
