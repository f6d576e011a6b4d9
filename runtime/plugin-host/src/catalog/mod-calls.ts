import type {
  CompileAssetsRequest,
  NamedValue,
  PluginAnswer,
  PluginQuestion,
  ResolveRequest,
} from '@optimus/domain';
import { CLIModService, DependencyResolverModService } from '@optimus/proto/plugins';
import type { SupervisedPlugin } from '../supervision/supervised-plugin.ts';
import {
  fromNamedValues,
  fromQuestion,
  options,
  toAnswer,
  toCompileAssetsRequest,
  toResolveRequest,
} from './mod-messages.ts';

/** How long a plugin may take for each call, in milliseconds. */
export interface CallTimeouts {
  readonly askMs: number;
  readonly compileAssetsMs: number;
  readonly generateDestinationMs: number;
  readonly generateDependenciesMs: number;
}

/** Resolvers of old give up by themselves after 180 s; ours waits longer, so that their own error is seen. */
export const defaultCallTimeouts: CallTimeouts = {
  askMs: 30_000,
  compileAssetsMs: 60_000,
  generateDestinationMs: 60_000,
  generateDependenciesMs: 200_000,
};

const cli = CLIModService.method;
const resolver = DependencyResolverModService.method;

/** The calls of the two mods, on whichever plugin they are made. */
export class ModCalls {
  readonly #timeouts: CallTimeouts;

  constructor(timeouts: CallTimeouts) {
    this.#timeouts = timeouts;
  }

  async getQuestions(plugin: SupervisedPlugin, jobName: string): Promise<ReadonlyArray<PluginQuestion>> {
    const { questions } = await plugin.call({
      method: cli.getQuestions,
      service: 'cli',
      request: { jobName, options },
      jobName,
      timeoutMs: this.#timeouts.askMs,
    });
    return questions.map(fromQuestion);
  }

  async findAnswerProblem(plugin: SupervisedPlugin, answer: PluginAnswer): Promise<string | undefined> {
    const { success, error } = await plugin.call({
      method: cli.validateQuestion,
      service: 'cli',
      request: { answer: toAnswer(answer), options },
      timeoutMs: this.#timeouts.askMs,
    });
    return success ? undefined : error || 'the plugin refuses this answer';
  }

  async getDefaultConfig(
    plugin: SupervisedPlugin,
    answers: ReadonlyArray<PluginAnswer>,
  ): Promise<ReadonlyArray<NamedValue>> {
    const { config } = await plugin.call({
      method: cli.defaultConfig,
      service: 'cli',
      request: { answers: answers.map(toAnswer), options },
      timeoutMs: this.#timeouts.askMs,
    });
    return fromNamedValues(config?.configs);
  }

  async getDefaultAssets(
    plugin: SupervisedPlugin,
    answers: ReadonlyArray<PluginAnswer>,
  ): Promise<ReadonlyArray<NamedValue>> {
    const { assets } = await plugin.call({
      method: cli.defaultAssets,
      service: 'cli',
      request: { answers: answers.map(toAnswer), options },
      timeoutMs: this.#timeouts.askMs,
    });
    return fromNamedValues(assets?.assets);
  }

  async compileAssets(
    plugin: SupervisedPlugin,
    request: CompileAssetsRequest,
  ): Promise<ReadonlyArray<NamedValue>> {
    const { assets } = await plugin.call({
      method: cli.compileAssets,
      service: 'compileAssets',
      request: toCompileAssetsRequest(request),
      jobName: request.jobName,
      timeoutMs: this.#timeouts.compileAssetsMs,
    });
    return fromNamedValues(assets?.assets);
  }

  async findDestination(plugin: SupervisedPlugin, request: ResolveRequest): Promise<string | undefined> {
    const { destination, destinationType } = await plugin.call({
      method: resolver.generateDestination,
      service: 'dependencyResolver',
      request: toResolveRequest(request),
      jobName: request.jobName,
      timeoutMs: this.#timeouts.generateDestinationMs,
    });
    return destination === '' ? undefined : `${destinationType}://${destination}`;
  }

  async listDependencies(plugin: SupervisedPlugin, request: ResolveRequest): Promise<ReadonlyArray<string>> {
    const { dependencies } = await plugin.call({
      method: resolver.generateDependencies,
      service: 'dependencyResolver',
      request: toResolveRequest(request),
      jobName: request.jobName,
      timeoutMs: this.#timeouts.generateDependenciesMs,
    });
    return dependencies;
  }
}
