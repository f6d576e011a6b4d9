import { readFileSync } from 'node:fs';
import {
  type CompileAssetsRequest,
  type Log,
  type NamedValue,
  type PluginAnswer,
  type PluginInfo,
  type PluginQuestion,
  type ResolveRequest,
  type SourceText,
  toErrorMessage,
} from '@optimus/domain';
import type { DiscoveredPlugin } from '../discovery/discover-plugins.ts';
import { FileVersion } from '../discovery/file-version.ts';
import { createPluginFailure, createUnusable } from '../plugin-failure.ts';
import { findForeignWriter } from '../vetting/file-permissions.ts';
import { findAnswerProblem } from '../yaml/find-answer-problem.ts';
import type { PluginDescription } from '../yaml/plugin-description.ts';
import { readDescription } from '../yaml/read-description.ts';
import { listAbsentTexts, readSourceTexts } from '../yaml/read-source-texts.ts';
import { renderDestination } from '../yaml/render-destination.ts';
import type { CatalogPlugin } from './catalog-plugin.ts';

/** The URNs that texts read, by a parser's name, without what the job itself writes; undefined when there is no such parser. */
export type ParseResources = (
  parser: string,
  texts: ReadonlyArray<{ readonly name: string; readonly sql: string }>,
  destination: string | undefined,
) => ReadonlyArray<string> | undefined;

export interface FilePluginOptions {
  readonly parseResources?: ParseResources;
  readonly allowForeignWriters: boolean;
  readonly log: Log;
}

/** A plugin that a YAML file describes: it asks, checks and fills in without a process. */
export class FilePlugin implements CatalogPlugin {
  readonly file: DiscoveredPlugin;
  readonly #options: FilePluginOptions;
  readonly #version: FileVersion;
  #description: PluginDescription | undefined;

  constructor(file: DiscoveredPlugin, options: FilePluginOptions) {
    this.file = file;
    this.#options = options;
    this.#version = new FileVersion(file.path);
  }

  async listInfos(): Promise<ReadonlyArray<PluginInfo>> {
    const isFirst = this.#description === undefined;
    const { infos, needsProgram } = this.describe();
    if (isFirst && needsProgram) this.#warnOfMissingProgram();
    return infos;
  }

  async getQuestions(): Promise<ReadonlyArray<PluginQuestion>> {
    return this.describe().questions;
  }

  async findAnswerProblem(answer: PluginAnswer): Promise<string | undefined> {
    return findAnswerProblem(answer, this.describe().rules.get(answer.question.name));
  }

  /** The answers under their questions' names, and what the file gives besides. */
  async getDefaultConfig(answers: ReadonlyArray<PluginAnswer>): Promise<ReadonlyArray<NamedValue>> {
    const answered = answers.map(({ question, value }) => ({ name: question.name, value }));
    const names = new Set(answered.map(({ name }) => name));
    return [...answered, ...this.describe().defaultConfig.filter(({ name }) => !names.has(name))];
  }

  async getDefaultAssets(): Promise<ReadonlyArray<NamedValue>> {
    return this.describe().defaultAssets;
  }

  async compileAssets({ assets }: CompileAssetsRequest): Promise<ReadonlyArray<NamedValue>> {
    return assets;
  }

  async findDestination({ config }: ResolveRequest): Promise<string | undefined> {
    const { destinationTemplate } = this.describe();
    if (destinationTemplate === undefined) return undefined;
    const rendered = renderDestination(destinationTemplate, config);
    if (rendered.kind === 'urn') return rendered.urn;
    const missing = rendered.keys.join(', ');
    throw createPluginFailure(
      'PLUGIN_REFUSED',
      this.file,
      `needs ${missing} in the job's configuration to tell what the job writes`,
    );
  }

  async listDependencies(request: ResolveRequest): Promise<ReadonlyArray<string>> {
    const texts = readSourceTexts(this.describe().assetSources, request);
    const destination = texts.length === 0 ? undefined : await this.findDestination(request);
    const byParser = Map.groupBy(texts, ({ parser }) => parser);
    return [...byParser].flatMap(([parser, sources]) => this.#parse(parser, sources, destination));
  }

  async listSourceTexts(request: ResolveRequest): Promise<ReadonlyArray<SourceText> | undefined> {
    const { assetSources } = this.describe();
    return assetSources.length === 0 ? undefined : readSourceTexts(assetSources, request);
  }

  async listAbsentTexts(request: ResolveRequest): Promise<ReadonlyArray<string>> {
    return listAbsentTexts(this.describe().assetSources, request);
  }

  #parse(
    parser: string,
    sources: ReadonlyArray<SourceText>,
    destination: string | undefined,
  ): ReadonlyArray<string> {
    const { parseResources } = this.#options;
    const named = sources.map(({ name, text }) => ({ name, sql: text }));
    const urns = parseResources?.(parser, named, destination);
    if (urns !== undefined) return urns;
    throw createPluginFailure(
      'PLUGIN_REFUSED',
      this.file,
      `names the asset parser "${parser}", which there is not`,
    );
  }

  get madeFrom(): ReadonlyArray<string> {
    return [this.file.path];
  }

  isCurrent(): boolean {
    return this.#version.isCurrent();
  }

  async retire(): Promise<void> {}

  async stop(): Promise<void> {}

  /** @throws OptimusError `PLUGIN_UNUSABLE` with line and column */
  describe(): PluginDescription {
    this.#description ??= readDescription(this.#read(), this.file);
    return this.#description;
  }

  /** Asked for itself, a description has no program beside it. */
  #warnOfMissingProgram(): void {
    const { name: plugin, path } = this.file;
    this.#options.log.warn('no program resolves the dependencies that this plugin declares to', {
      plugin,
      path,
    });
  }

  #read(): string {
    try {
      const writer = this.#options.allowForeignWriters ? undefined : findForeignWriter(this.file.path);
      if (writer === undefined) return readFileSync(this.file.path, 'utf8');
      throw createUnusable(this.file, `can be modified by other users: ${writer.reason}`, {
        hint: writer.mend,
      });
    } catch (cause) {
      if (cause instanceof Error && 'errno' in cause) {
        throw createUnusable(this.file, `cannot be read: ${toErrorMessage(cause)}`, { cause });
      }
      throw cause;
    }
  }
}
