import { setTimeout as delay } from 'node:timers/promises';
import { magicCookie } from '../../process/child-environment.ts';
import { describeExit } from '../../process/plugin-process.ts';
import type { ConformanceCase, Finding } from '../conformance-case.ts';
import { endLaunched, type LaunchOptions, launch, PluginSession } from '../plugin-session.ts';
import type { VerifiedPlugin } from '../verified-plugin.ts';

/** Whether it starts; without this nothing else can be asked. */
export const handshakeCase: ConformanceCase<VerifiedPlugin> = {
  id: 'start.handshake',
  expects: 'announces on the first line of its output where it listens: 1|1|unix or tcp|address|grpc',
  mend: 'print the line before anything else, once it listens, and flush it',
  async check(plugin) {
    await plugin.open();
    return undefined;
  },
};

const cookieCase: ConformanceCase<VerifiedPlugin> = {
  id: 'start.cookie',
  expects:
    'run by hand, without the magic cookie, says on standard error what it is and ends with an exit code that is not 0',
  mend: `end with 1 when ${magicCookie.key} is not what the protocol says, before anything is printed to standard output`,
  check: ({ launchOptions }) => runByHand(launchOptions),
};

async function runByHand(options: LaunchOptions): Promise<Finding> {
  const launched = launch(options, { variables: { [magicCookie.key]: undefined } });
  const { process } = launched;
  const settled = new AbortController();
  try {
    const event = await Promise.race([
      process.firstLine.then((line) => ({ line })),
      process.exited.then((exit) => ({ exit })),
      delay(options.startTimeoutMs, { timeout: true }, settled),
    ]);
    if ('line' in event) return { failed: `starts all the same: ${event.line ?? 'much output'}` };
    if ('timeout' in event) return { failed: 'neither starts nor ends' };
    if (event.exit.code === 0) return { failed: 'ends with exit code 0, as if it had done its work' };
    if (process.partialOutput !== '')
      return { failed: `prints to standard output: ${process.partialOutput}` };
    if (process.errorTail.length === 0)
      return { failed: `ends without a word (${describeExit(event.exit)})` };
    return undefined;
  } finally {
    settled.abort();
    await endLaunched(launched);
  }
}

const versionsCase: ConformanceCase<VerifiedPlugin> = {
  id: 'start.versions',
  expects: 'announces 1, the highest version in common, whether the host offers 1 and others or none',
  mend: 'read PLUGIN_PROTOCOL_VERSIONS as a list with commas, and announce the highest of them that you have, else your lowest',
  async check({ launchOptions }) {
    const offers = ['1,7', 'x,1', undefined];
    for (const offer of offers) {
      const failed = await offerVersions(launchOptions, offer);
      if (failed !== undefined) return { failed };
    }
    return undefined;
  },
};

async function offerVersions(options: LaunchOptions, offer: string | undefined): Promise<string | undefined> {
  try {
    const session = await PluginSession.open(options, { variables: { PLUGIN_PROTOCOL_VERSIONS: offer } });
    await session.close();
    return undefined;
  } catch (error) {
    const what = offer === undefined ? 'no versions' : `the versions ${offer}`;
    return `offered ${what}: ${error instanceof Error ? error.message.replace(/^.*?\): /, '') : String(error)}`;
  }
}

/** In processes of their own. */
export const startCases = [cookieCase, versionsCase] as const;
