import type {
  CompileAssetsRequest,
  NamedValue,
  PluginAnswer,
  PluginInfo,
  PluginQuestion,
  ResolveRequest,
  SourceText,
} from '@optimus/domain';
import type { DiscoveredPlugin } from '../discovery/discover-plugins.ts';
import { FileVersion } from '../discovery/file-version.ts';
import type { SupervisedPlugin } from '../supervision/supervised-plugin.ts';
import type { CatalogPlugin } from './catalog-plugin.ts';
import type { FilePlugin } from './file-plugin.ts';
import type { ModCalls } from './mod-calls.ts';

/** A plugin that is a program. With one that only resolves dependencies, the file beside it answers the rest. */
export class ProgramPlugin implements CatalogPlugin {
  readonly file: DiscoveredPlugin;
  readonly #program: SupervisedPlugin;
  readonly #calls: ModCalls;
  readonly #description: FilePlugin | undefined;
  readonly #version: FileVersion;

  constructor(program: SupervisedPlugin, calls: ModCalls, description: FilePlugin | undefined) {
    this.file = program.file;
    this.#program = program;
    this.#calls = calls;
    this.#description = description;
    this.#version = new FileVersion(program.file.path);
  }

  async listInfos(): Promise<ReadonlyArray<PluginInfo>> {
    return [await this.#program.getInfo()];
  }

  async getQuestions(jobName: string): Promise<ReadonlyArray<PluginQuestion>> {
    const described = await this.#findDescribed();
    return described ? described.getQuestions() : this.#calls.getQuestions(this.#program, jobName);
  }

  async findAnswerProblem(answer: PluginAnswer): Promise<string | undefined> {
    const described = await this.#findDescribed();
    return described
      ? described.findAnswerProblem(answer)
      : this.#calls.findAnswerProblem(this.#program, answer);
  }

  async getDefaultConfig(answers: ReadonlyArray<PluginAnswer>): Promise<ReadonlyArray<NamedValue>> {
    const described = await this.#findDescribed();
    return described
      ? described.getDefaultConfig(answers)
      : this.#calls.getDefaultConfig(this.#program, answers);
  }

  async getDefaultAssets(answers: ReadonlyArray<PluginAnswer>): Promise<ReadonlyArray<NamedValue>> {
    const described = await this.#findDescribed();
    return described ? described.getDefaultAssets() : this.#calls.getDefaultAssets(this.#program, answers);
  }

  compileAssets(request: CompileAssetsRequest): Promise<ReadonlyArray<NamedValue>> {
    return this.#calls.compileAssets(this.#program, request);
  }

  findDestination(request: ResolveRequest): Promise<string | undefined> {
    return this.#calls.findDestination(this.#program, request);
  }

  listDependencies(request: ResolveRequest): Promise<ReadonlyArray<string>> {
    return this.#calls.listDependencies(this.#program, request);
  }

  /** A program reads them itself; a file beside it may say all the same which they are. */
  async listSourceTexts(request: ResolveRequest): Promise<ReadonlyArray<SourceText> | undefined> {
    return this.#description?.listSourceTexts(request);
  }

  async listAbsentTexts(request: ResolveRequest): Promise<ReadonlyArray<string>> {
    return this.#description?.listAbsentTexts(request) ?? [];
  }

  get madeFrom(): ReadonlyArray<string> {
    return [this.file.path, ...(this.#description?.madeFrom ?? [])];
  }

  isCurrent(): boolean {
    return this.#version.isCurrent() && (this.#description?.isCurrent() ?? true);
  }

  retire(): Promise<void> {
    return this.#program.retire();
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }

  /** The file that stands in for what the program does not serve. */
  async #findDescribed(): Promise<FilePlugin | undefined> {
    return (await this.#program.isResolverOnly()) ? this.#description : undefined;
  }
}
