import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { CLIModService, CompileAssetsRequest as CompileAssetsMessage } from '@optimus/proto/plugins';
import type { CliMod, CompileAssetsRequest } from '../plugin.ts';
import type { CallContextSource } from './call-context.ts';
import { fromAssets, fromConfigs, toNamedValues } from './entries.ts';
import { fromInstanceData, fromTaskWindow } from './instance.ts';
import { fromPluginAnswers, fromPluginQuestion, toPluginQuestion } from './questions.ts';
import type { UnaryHandlers } from './unary-handlers.ts';

/**
 * Serves the questions, defaults and asset compilation of a plugin. `config` and `assets` are set in every answer,
 * even when empty: Go hosts read them unchecked.
 */
export function createCliHandlers(
  mod: CliMod,
  contextOf: CallContextSource,
): UnaryHandlers<typeof CLIModService> {
  return {
    async getQuestions(request, signal) {
      const questions = await mod.getQuestions({ jobName: request.jobName }, contextOf(request, signal));
      return { questions: questions.map(toPluginQuestion) };
    },
    async validateQuestion(request, signal) {
      const question = fromPluginQuestion(request.answer?.question);
      const answer = { question, value: request.answer?.value ?? '' };
      const problem = await mod.validateQuestion?.(answer, contextOf(request, signal));
      return { success: problem === undefined, error: problem ?? '' };
    },
    async defaultConfig(request, signal) {
      const answers = fromPluginAnswers(request.answers);
      const config = await mod.defaultConfig({ answers }, contextOf(request, signal));
      return { config: { configs: toNamedValues(config ?? {}) } };
    },
    async defaultAssets(request, signal) {
      const answers = fromPluginAnswers(request.answers);
      const assets = await mod.defaultAssets?.({ answers }, contextOf(request, signal));
      return { assets: { assets: toNamedValues(assets ?? {}) } };
    },
    async compileAssets(request, signal) {
      const compile = mod.compileAssets ?? (({ assets }: CompileAssetsRequest) => assets);
      const assets = await compile(fromCompileAssetsRequest(request), contextOf(request, signal));
      return { assets: { assets: toNamedValues(assets ?? {}) } };
    },
  };
}

function fromCompileAssetsRequest(request: CompileAssetsMessage): CompileAssetsRequest {
  const { instanceSchedule, startTime, endTime } = request;
  return {
    config: fromConfigs(request.configs),
    assets: fromAssets(request.assets),
    window: fromTaskWindow(request.window),
    instanceData: fromInstanceData(request.instanceData),
    ...(instanceSchedule && { scheduledAt: timestampDate(instanceSchedule) }),
    ...(startTime && { startTime: timestampDate(startTime) }),
    ...(endTime && { endTime: timestampDate(endTime) }),
  };
}
