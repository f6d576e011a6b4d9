import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildProcesses } from '../child-processes.ts';
import { DemoFailure } from '../demo-failure.ts';
import { checkout, type DemoHome } from '../demo-home.ts';
import { optimusCommand } from '../optimus-cli.ts';

/** What the server is started with. */
export interface ServerRequest {
  readonly home: DemoHome;
  readonly children: ChildProcesses;
  readonly env: NodeJS.ProcessEnv;
  readonly feedUrl: string;
}

const pollMs = 50;

/**
 * Starts `optimus serve` as a process of its own. Resolves with its `host:port` once it is ready.
 * @throws DemoFailure with the end of its log when it ends before that
 */
export async function startServer(request: ServerRequest, signal: AbortSignal): Promise<string> {
  await writeServerConfig(request);
  const child = spawnServer(request);
  return awaitReady(request.home, child, signal);
}

async function writeServerConfig({ home, feedUrl }: ServerRequest): Promise<void> {
  const feedFile = path.join(home.root, 'feed.env');
  await writeFile(feedFile, `NEO_API_HOST=${feedUrl}\n`);
  const config = {
    serve: { port: 0, data_dir: home.dataDir },
    executor: { process: { images: { 'optimus-task-neo-executor': toExecutorCommand(feedFile) } } },
  };
  // JSON is YAML, and quotes whatever a path may hold.
  await writeFile(home.serverConfig, `${JSON.stringify(config, undefined, 2)}\n`);
}

/** A task sees its contract and its configuration, so where the feed is comes with the command line. */
function toExecutorCommand(feedFile: string): readonly string[] {
  return [process.execPath, `--env-file=${feedFile}`, path.join(checkout, 'plugins/neo/executor/main.mjs')];
}

/** Its output goes to a file: with `--keep` the server outlives the demo, and a pipe would not. */
function spawnServer({ children, home, env }: ServerRequest): ChildProcess {
  const log = openSync(home.serverLog, 'a');
  try {
    return children.start('server', [...optimusCommand, 'serve', '--config', home.serverConfig], {
      cwd: home.root,
      env,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

async function awaitReady(home: DemoHome, child: ChildProcess, signal: AbortSignal): Promise<string> {
  for (;;) {
    const ready = await readFile(path.join(home.dataDir, 'server.json'), 'utf8').catch(() => undefined);
    if (ready !== undefined) return toHost(ready);
    if (child.exitCode !== null || child.signalCode !== null) throw await toStartFailure(home);
    await delay(pollMs, undefined, { signal });
  }
}

function toHost(ready: string): string {
  const { host, port } = JSON.parse(ready) as { readonly host: string; readonly port: number };
  return `${host}:${port}`;
}

async function toStartFailure({ serverLog }: DemoHome): Promise<DemoFailure> {
  const lines = (await readFile(serverLog, 'utf8')).trimEnd().split('\n');
  return new DemoFailure(`the server did not start; ${serverLog} ends with:\n${lines.slice(-20).join('\n')}`);
}
