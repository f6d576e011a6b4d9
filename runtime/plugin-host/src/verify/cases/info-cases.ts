import { status } from '@grpc/grpc-js';
import { type PluginInfo, type PluginMod, SILENT_LOG } from '@optimus/domain';
import {
  CLIModService,
  DependencyResolverModService,
  PluginMod as PluginModNumber,
} from '@optimus/proto/plugins';
import { options } from '../../catalog/mod-messages.ts';
import { isStatus } from '../../connection/call-failure.ts';
import type { Dialect } from '../../connection/dialect.ts';
import type { PluginConnection } from '../../connection/plugin-connection.ts';
import { fromPluginInfo } from '../../connection/plugin-info.ts';
import { thisPlatform } from '../../inspection/inspect-plugin.ts';
import type { ConformanceCase, Finding } from '../conformance-case.ts';
import { findHookProblem, findImageProblem, findNameProblem, findSecretPathProblem } from '../judge-info.ts';
import type { VerifiedPlugin } from '../verified-plugin.ts';

type Case = ConformanceCase<VerifiedPlugin>;

/** Runs a check on the plugin's own word; one that tells but its name is described by a file. */
async function withInfo(
  plugin: VerifiedPlugin,
  judge: (info: PluginInfo) => string | undefined,
): Promise<Finding> {
  const dialect = await plugin.findDialect();
  if (dialect.base === undefined) return { skipped: 'it tells but its name; a YAML file tells the rest' };
  const info = readInfo(plugin);
  if (info === undefined) return { skipped: 'what it says of itself is not complete' };
  const failed = judge(info);
  return failed === undefined ? undefined : { failed };
}

/** Undefined when it is not complete, which is a case of its own. */
function readInfo(plugin: VerifiedPlugin): PluginInfo | undefined {
  try {
    return fromPluginInfo(plugin.info, plugin.launchOptions.plugin, SILENT_LOG);
  } catch {
    return undefined;
  }
}

const completeCase: Case = {
  id: 'info.complete',
  expects: 'tells a name, a version, an image, a type, and as a hook a hook type',
  mend: 'fill in name, plugin_version, image, plugin_type and hook_type of PluginInfo',
  async check(plugin) {
    const dialect = await plugin.findDialect();
    if (dialect.base === undefined) return { skipped: 'it tells but its name; a YAML file tells the rest' };
    fromPluginInfo(plugin.info, plugin.launchOptions.plugin, SILENT_LOG);
    return undefined;
  },
};

const namesCase: Case = {
  id: 'info.names',
  expects: 'tells the name and the version that its file has',
  mend: 'call the file as the plugin calls itself',
  check: (plugin) =>
    withInfo(plugin, (info) => findNameProblem(plugin.launchOptions.plugin.path, info, thisPlatform)),
};

const imageCase: Case = {
  id: 'info.image',
  expects: 'names an image with its tag or digest',
  mend: 'write it as registry/name:tag',
  check: (plugin) => withInfo(plugin, ({ image }) => findImageProblem(image)),
};

const secretCase: Case = {
  id: 'info.secret',
  expects: 'wants its secret, if any, at an absolute path of the image',
  mend: 'write secret_path from / on and without ..',
  check: (plugin) => withInfo(plugin, ({ secretPath }) => findSecretPathProblem(secretPath)),
};

const hookCase: Case = {
  id: 'info.hook',
  expects: 'as a hook, depends on other hooks, each named once',
  mend: 'list in depends_on the names of other hooks',
  check: (plugin) => withInfo(plugin, findHookProblem),
};

const stableCase: Case = {
  id: 'info.stable',
  expects: 'says the same of itself when it is asked again',
  mend: 'answer PluginInfo with constants: hosts ask once and keep the answer',
  async check(plugin) {
    await plugin.findDialect();
    const again = await plugin.askInfo();
    const isSame = JSON.stringify(again) === JSON.stringify(plugin.info);
    return isSame ? undefined : { failed: 'says something else the second time' };
  },
};

const modsCase: Case = {
  id: 'info.mods',
  expects: 'declares mods that there are, each once, and serves them',
  mend: 'take from plugin_mods what is not served, or serve it',
  async check(plugin) {
    const { base } = await plugin.findDialect();
    if (base === undefined) return { skipped: 'it declares no mods; its kind has them all' };
    const numbers = plugin.info.pluginMods;
    const unknown = numbers.find((mod) => !(mod in modNames));
    if (unknown !== undefined) return { failed: `declares a mod that there is not (${unknown})` };
    if (new Set(numbers).size < numbers.length) return { failed: 'declares a mod twice' };
    const missing = await findMod(async (mod) => plugin.declares(mod) && !(await isServed(plugin, mod)));
    return missing === undefined ? undefined : { failed: `declares "${missing}" but does not serve it` };
  },
};

const undeclaredCase: Case = {
  id: 'info.undeclared',
  expects: 'answers calls of mods that it does not declare with UNIMPLEMENTED',
  mend: 'declare the mod in plugin_mods, or do not serve it: hosts ask only what is declared',
  async check(plugin) {
    await plugin.findDialect();
    const extra = await findMod(async (mod) => !plugin.declares(mod) && (await isServed(plugin, mod)));
    return extra === undefined ? undefined : { failed: `serves "${extra}" but does not declare it` };
  },
};

const modNames: Readonly<Record<number, PluginMod>> = {
  [PluginModNumber.CLI]: 'cli',
  [PluginModNumber.DEPENDENCYRESOLVER]: 'dependencyresolver',
};

async function findMod(test: (mod: PluginMod) => Promise<boolean>): Promise<PluginMod | undefined> {
  for (const mod of Object.values(modNames)) if (await test(mod)) return mod;
  return undefined;
}

const timeoutMs = 30_000;
const exitGraceMs = 1000;

/** Any answer but UNIMPLEMENTED shows that somebody listens; one that crashes is found by the cases of its mod. */
async function isServed(plugin: VerifiedPlugin, mod: PluginMod): Promise<boolean> {
  const { connection, process } = await plugin.open();
  try {
    await probe(connection, await plugin.findDialect(), mod);
    return true;
  } catch (error) {
    if (isStatus(error, status.UNAVAILABLE)) await process.waitForExit(exitGraceMs);
    return !isStatus(error, status.UNIMPLEMENTED);
  }
}

function probe(connection: PluginConnection, dialect: Dialect, mod: PluginMod): Promise<unknown> {
  const { getQuestions } = CLIModService.method;
  const { generateDependencies } = DependencyResolverModService.method;
  return mod === 'cli'
    ? connection.call({ method: getQuestions, servedAs: dialect.cli, request: { options }, timeoutMs })
    : connection.call({
        method: generateDependencies,
        servedAs: dialect.dependencyResolver,
        request: { config: {}, assets: {}, project: {}, options },
        timeoutMs,
      });
}

/** What the plugin says of itself. */
export const infoCases = [
  completeCase,
  namesCase,
  imageCase,
  secretCase,
  hookCase,
  stableCase,
  modsCase,
  undeclaredCase,
] as const;
