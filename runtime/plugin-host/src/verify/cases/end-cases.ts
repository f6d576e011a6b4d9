import { status } from '@grpc/grpc-js';
import { GRPCController } from '@optimus/proto/go-plugin';
import { isStatus } from '../../connection/call-failure.ts';
import { describeExit } from '../../process/plugin-process.ts';
import type { ConformanceCase, Finding } from '../conformance-case.ts';
import { abandon } from '../orphan.ts';
import { PluginSession } from '../plugin-session.ts';
import type { VerifiedPlugin } from '../verified-plugin.ts';

type Case = ConformanceCase<VerifiedPlugin>;

/** How long hosts wait before they go on to stronger means. */
const graceMs = 2000;
const interruptMs = 300;

async function withSession(
  { launchOptions }: VerifiedPlugin,
  check: (session: PluginSession) => Promise<Finding>,
): Promise<Finding> {
  const session = await PluginSession.open(launchOptions);
  try {
    return await check(session);
  } finally {
    await askToEnd(session);
    await session.close();
  }
}

/** Even where the process that we know is gone, what it has started may listen. */
async function askToEnd({ connection }: PluginSession): Promise<unknown> {
  const { method, typeName: servedAs } = GRPCController;
  return connection
    .call({ method: method.shutdown, servedAs, request: {}, timeoutMs: graceMs })
    .catch((error: unknown) => error);
}

const shutdownCase: Case = {
  id: 'end.shutdown',
  expects: 'ends with exit code 0 within 2 s when plugin.GRPCController/Shutdown is called',
  mend: 'serve plugin.GRPCController, and let Shutdown stop the server at once, open streams included',
  check: (plugin) =>
    withSession(plugin, async (session) => {
      const answer = await askToEnd(session);
      if (isStatus(answer, status.UNIMPLEMENTED)) return { failed: 'does not serve plugin.GRPCController' };
      const exit = await session.process.waitForExit(graceMs);
      if (exit === undefined) return { failed: 'goes on' };
      return exit.code === 0 ? undefined : { failed: `ends with ${describeExit(exit)}` };
    }),
};

const terminateCase: Case = {
  id: 'end.terminate',
  expects: 'ends within 2 s on SIGTERM',
  mend: 'do not catch SIGTERM, or end on it',
  check: (plugin) =>
    withSession(plugin, async ({ process }) => {
      process.signal('SIGTERM');
      return (await process.waitForExit(graceMs)) === undefined ? { failed: 'goes on' } : undefined;
    }),
};

const interruptCase: Case = {
  id: 'end.interrupt',
  expects: 'goes on when Ctrl-C is pressed in the terminal of its host, which ends it in its own time',
  mend: 'ignore SIGINT',
  check: (plugin) =>
    withSession(plugin, async ({ process }) => {
      process.signal('SIGINT');
      const exit = await process.waitForExit(interruptMs);
      return exit === undefined ? undefined : { failed: `ends (${describeExit(exit)})` };
    }),
};

const orphanCase: Case = {
  id: 'end.orphan',
  expects:
    'is gone once its host was killed: by itself, or as the next host ends the process that it was started as',
  mend: 'let a script that starts it do so with exec, and do not detach from the host',
  check: ({ launchOptions }) =>
    process.platform === 'win32' ? { skipped: 'processes have no parents here' } : abandon(launchOptions),
};

/** How it ends, each time in a process of its own. */
export const endCases = [shutdownCase, terminateCase, interruptCase, orphanCase] as const;
