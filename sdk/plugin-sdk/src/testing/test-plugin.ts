import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { InstanceSpecData_Type } from '@optimus/proto/core';
import { BaseService, CLIModService, DependencyResolverModService, PluginMod } from '@optimus/proto/plugins';
import { createLogger } from '../logger.ts';
import type {
  CompileAssetsRequest,
  Destination,
  Entries,
  Plugin,
  Question,
  ResolveRequest,
} from '../plugin.ts';
import { createPluginServer } from '../plugin-server.ts';
import { listenOnPort } from '../process/listener.ts';
import { OutputRelay } from '../process/output-relay.ts';
import { fromAssets, fromConfigs, toNamedValues } from '../services/entries.ts';
import { fromPluginQuestion } from '../services/questions.ts';
import { TestClient } from './test-client.ts';

/** What a host learns of the plugin. */
export interface TestPluginInfo {
  readonly name: string;
  readonly version: string;
  readonly image: string;
  readonly mods: ReadonlyArray<'cli' | 'dependencyresolver'>;
}

/**
 * A plugin as a host sees it: each method is a call over the wire. They reject with an error whose `code` is the gRPC
 * status and whose `details` are its text.
 */
export interface TestPlugin {
  readonly info: () => Promise<TestPluginInfo>;
  readonly getQuestions: (jobName: string) => Promise<ReadonlyArray<Question>>;
  /** What the plugin says against the answer, or undefined. */
  readonly validateQuestion: (questionName: string, value: string) => Promise<string | undefined>;
  readonly defaultConfig: (answers: Entries) => Promise<Entries>;
  readonly defaultAssets: (answers: Entries) => Promise<Entries>;
  readonly compileAssets: (request: Partial<CompileAssetsRequest>) => Promise<Entries>;
  readonly generateDestination: (request: Partial<ResolveRequest>) => Promise<Destination>;
  readonly generateDependencies: (request: Partial<ResolveRequest>) => Promise<ReadonlyArray<string>>;
  /** What the plugin has logged, one line of JSON each. */
  readonly logLines: ReadonlyArray<string>;
  readonly stop: () => Promise<void>;
}

/** Serves a plugin within this process, so that its handlers can be tested, debugged and covered. */
export async function startTestPlugin(plugin: Plugin): Promise<TestPlugin> {
  const logLines: string[] = [];
  const log = createLogger(plugin.name, (line) => logLines.push(line));
  const server = createPluginServer(plugin, { log, relay: new OutputRelay(), onShutdown: () => {} });
  const { address } = await listenOnPort(server, { min: 0, max: 0 });
  const client = new TestClient(address);
  return {
    info: () => askInfo(client),
    ...createCliCalls(client),
    ...createResolverCalls(client),
    logLines,
    async stop() {
      client.close();
      server.forceShutdown();
    },
  };
}

const options = { dryRun: false };

async function askInfo(client: TestClient): Promise<TestPluginInfo> {
  const info = await client.call(BaseService.method.pluginInfo, {});
  const mods = info.pluginMods.map((mod) => (mod === PluginMod.CLI ? 'cli' : 'dependencyresolver'));
  return { name: info.name, version: info.pluginVersion, image: info.image, mods };
}

type CliCalls = Pick<
  TestPlugin,
  'getQuestions' | 'validateQuestion' | 'defaultConfig' | 'defaultAssets' | 'compileAssets'
>;

function createCliCalls(client: TestClient): CliCalls {
  const { method } = CLIModService;
  return {
    async getQuestions(jobName) {
      const { questions } = await client.call(method.getQuestions, { jobName, options });
      return questions.map(fromPluginQuestion);
    },
    async validateQuestion(questionName, value) {
      const answer = { question: { name: questionName }, value };
      const { success, error } = await client.call(method.validateQuestion, { answer, options });
      return success ? undefined : error;
    },
    async defaultConfig(answers) {
      const request = { answers: toAnswers(answers), options };
      return fromConfigs((await client.call(method.defaultConfig, request)).config);
    },
    async defaultAssets(answers) {
      const request = { answers: toAnswers(answers), options };
      return fromAssets((await client.call(method.defaultAssets, request)).assets);
    },
    async compileAssets(request) {
      return fromAssets((await client.call(method.compileAssets, toCompileAssetsMessage(request))).assets);
    },
  };
}

function createResolverCalls(
  client: TestClient,
): Pick<TestPlugin, 'generateDestination' | 'generateDependencies'> {
  const { method } = DependencyResolverModService;
  return {
    async generateDestination(request) {
      const answer = await client.call(method.generateDestination, toResolveMessage(request));
      return { name: answer.destination, type: answer.destinationType };
    },
    async generateDependencies(request) {
      return (await client.call(method.generateDependencies, toResolveMessage(request))).dependencies;
    },
  };
}

function toAnswers(answers: Entries) {
  return Object.entries(answers).map(([name, value]) => ({ question: { name }, value }));
}

function toCompileAssetsMessage(request: Partial<CompileAssetsRequest>) {
  const { config = {}, assets = {}, window, scheduledAt, startTime, endTime, instanceData = [] } = request;
  return {
    configs: { configs: toNamedValues(config) },
    assets: { assets: toNamedValues(assets) },
    window: {
      size: toDuration(window?.sizeSeconds),
      offset: toDuration(window?.offsetSeconds),
      truncateTo: window?.truncateTo ?? '',
    },
    instanceData: instanceData.map(({ name, value, type }) => ({
      name,
      value,
      type: type === 'file' ? InstanceSpecData_Type.FILE : InstanceSpecData_Type.ENV,
    })),
    ...(scheduledAt && { instanceSchedule: timestampFromDate(scheduledAt) }),
    ...(startTime && { startTime: timestampFromDate(startTime) }),
    ...(endTime && { endTime: timestampFromDate(endTime) }),
    options,
  };
}

function toResolveMessage({ config = {}, assets = {}, project }: Partial<ResolveRequest>) {
  return {
    config: { configs: toNamedValues(config) },
    assets: { assets: toNamedValues(assets) },
    project: {
      name: project?.name ?? '',
      config: { ...project?.config },
      secrets: toNamedValues(project?.secrets ?? {}),
    },
    options,
  };
}

function toDuration(seconds = 0) {
  const whole = Math.trunc(seconds);
  return { seconds: BigInt(whole), nanos: Math.round((seconds - whole) * 1e9) };
}
