import { realpathSync } from 'node:fs';
import path from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { FilePlugin } from '../catalog/file-plugin.ts';
import { parseDescriptionFileName } from '../discovery/discover-plugins.ts';
import { type InspectionOptions, toIdentity } from '../inspection/inspect-plugin.ts';
import { RuntimeDirectory } from '../process/runtime-directory.ts';
import { callCases } from './cases/call-cases.ts';
import { cliCases } from './cases/cli-cases.ts';
import { connectionCases, dialectCase, securityCases } from './cases/connection-cases.ts';
import { descriptionCases, readableCase } from './cases/description-cases.ts';
import { endCases } from './cases/end-cases.ts';
import { fileNameCase, fileVettingCase } from './cases/file-cases.ts';
import { infoCases } from './cases/info-cases.ts';
import { resolverCases } from './cases/resolver-cases.ts';
import { handshakeCase, startCases } from './cases/start-cases.ts';
import {
  type CaseResult,
  type ConformanceCase,
  checkCase,
  skipCase,
  type VerificationReport,
} from './conformance-case.ts';
import { VerifiedPlugin } from './verified-plugin.ts';

/** How a plugin is verified. */
export type VerificationOptions = Pick<InspectionOptions, 'env' | 'allowForeignWriters' | 'startTimeoutMs'>;

/** Ten seconds: a plugin that takes longer to say where it listens keeps people waiting. */
const startTimeoutMs = 10_000;

type ProgramCase = ConformanceCase<VerifiedPlugin>;

/** On one process, one after the other: a case may break it. */
const inOneProcess: readonly ProgramCase[] = [
  ...connectionCases,
  ...infoCases,
  ...cliCases,
  ...resolverCases,
  ...callCases,
];

/** In processes of their own. Two of these lists at a time: some promises are about time, and a crowd would break them. */
const inOwnProcess: ReadonlyArray<readonly ProgramCase[]> = [[...startCases, ...securityCases], endCases];

/** Holds a plugin file, a program or a YAML file, against the contract. Never throws for what the plugin does. */
export async function verifyPlugin(
  file: string,
  options: VerificationOptions = {},
): Promise<VerificationReport> {
  const { name, cases } =
    parseDescriptionFileName(file) === undefined && !/\.ya?ml$/.test(file)
      ? await verifyProgram(file, options)
      : await verifyDescription(file, options);
  return { path: file, name, cases, isConforming: cases.every(({ outcome }) => outcome !== 'failed') };
}

interface Verified {
  readonly name: string;
  readonly cases: readonly CaseResult[];
}

async function verifyDescription(file: string, options: VerificationOptions): Promise<Verified> {
  const allowForeignWriters = options.allowForeignWriters ?? false;
  const identity = toIdentity(file);
  const plugin = new FilePlugin(identity, { allowForeignWriters, log: SILENT_LOG });
  const named = await checkCase(fileNameCase, { plugin: identity, allowForeignWriters });
  const readable = await checkCase(readableCase, plugin);
  if (readable.outcome === 'failed') {
    const skipped = descriptionCases.map((each) => skipCase(each, 'the file cannot be read'));
    return { name: path.basename(file), cases: [named, readable, ...skipped] };
  }
  const rest = await checkInTurn(descriptionCases, plugin);
  return { name: plugin.describe().infos[0]?.name ?? identity.name, cases: [named, readable, ...rest] };
}

async function verifyProgram(file: string, options: VerificationOptions): Promise<Verified> {
  const identity = toIdentity(file);
  const subject = { plugin: identity, allowForeignWriters: options.allowForeignWriters ?? false };
  const before = [await checkCase(fileNameCase, subject), await checkCase(fileVettingCase, subject)];
  if (before.at(-1)?.outcome === 'failed') {
    const why = 'hosts do not run the file';
    const all = [handshakeCase, dialectCase, ...inOneProcess, ...inOwnProcess.flat()];
    return { name: identity.name, cases: [...before, ...all.map((each) => skipCase(each, why))] };
  }
  const runtimeDirectory = new RuntimeDirectory();
  runtimeDirectory.sweep();
  const plugin = new VerifiedPlugin({
    plugin: identity,
    file: realpathSync(file),
    env: options.env ?? process.env,
    runtimeDirectory,
    startTimeoutMs: options.startTimeoutMs ?? startTimeoutMs,
  });
  try {
    const cases = await checkRunning(plugin);
    return { name: plugin.name ?? identity.name, cases: [...before, ...cases] };
  } finally {
    await plugin.close();
    runtimeDirectory.remove();
  }
}

/** What builds on a case that failed is skipped: its own result would tell nothing new. */
async function checkRunning(plugin: VerifiedPlugin): Promise<readonly CaseResult[]> {
  const handshake = await checkCase(handshakeCase, plugin);
  if (handshake.outcome === 'failed') {
    const why = 'it did not start';
    return [
      handshake,
      ...[dialectCase, ...inOneProcess, ...inOwnProcess.flat()].map((each) => skipCase(each, why)),
    ];
  }
  const dialect = await checkCase(dialectCase, plugin);
  const why = 'it speaks no API that is known';
  const one =
    dialect.outcome === 'failed'
      ? inOneProcess.map((each) => skipCase(each, why))
      : await checkInTurn(inOneProcess, plugin);
  const own = await Promise.all(inOwnProcess.map((cases) => checkInTurn(cases, plugin)));
  return [handshake, dialect, ...one, ...own.flat()];
}

async function checkInTurn<Subject>(
  cases: ReadonlyArray<ConformanceCase<Subject>>,
  subject: Subject,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) results.push(await checkCase(each, subject));
  return results;
}
