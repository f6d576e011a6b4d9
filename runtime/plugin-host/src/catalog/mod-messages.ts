import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type {
  CompileAssetsRequest,
  NamedValue,
  PluginAnswer,
  PluginQuestion,
  ResolveRequest,
} from '@optimus/domain';
import { InstanceSpecData_Type } from '@optimus/proto/core';
import type {
  CompileAssetsRequestSchema,
  PluginAnswerSchema,
  PluginQuestion as PluginQuestionMessage,
  PluginQuestionSchema,
} from '@optimus/proto/plugins';
import { parseGoDuration } from './go-duration.ts';

/** Go handlers read `options` unchecked and die when it is absent, so every request carries it. */
export const options = { dryRun: false } as const;

export function fromQuestion(message: PluginQuestionMessage): PluginQuestion {
  return {
    name: message.name,
    prompt: message.prompt,
    help: message.help,
    default: message.default,
    choices: message.multiselect,
    subQuestions: message.subQuestions.map(({ ifValue, questions }) => ({
      ifValue,
      questions: questions.map(fromQuestion),
    })),
  };
}

function toQuestion(question: PluginQuestion): MessageInitShape<typeof PluginQuestionSchema> {
  return {
    name: question.name,
    prompt: question.prompt,
    help: question.help,
    default: question.default,
    multiselect: [...question.choices],
    subQuestions: question.subQuestions.map(({ ifValue, questions }) => ({
      ifValue,
      questions: questions.map(toQuestion),
    })),
  };
}

export function toAnswer({ question, value }: PluginAnswer): MessageInitShape<typeof PluginAnswerSchema> {
  return { question: toQuestion(question), value };
}

export function fromNamedValues(values: ReadonlyArray<NamedValue> | undefined): ReadonlyArray<NamedValue> {
  return (values ?? []).map(({ name, value }) => ({ name, value }));
}

function toNamedValues(values: ReadonlyArray<NamedValue>): NamedValue[] {
  return values.map(({ name, value }) => ({ name, value }));
}

/** Plugins of different ages read the window, the schedule, the instance data or the interval: all are told. */
export function toCompileAssetsRequest(
  request: CompileAssetsRequest,
): MessageInitShape<typeof CompileAssetsRequestSchema> {
  const { config, assets, window, interval, scheduledAt } = request;
  return {
    configs: { configs: toNamedValues(config) },
    assets: { assets: toNamedValues(assets) },
    window: toTaskWindow(window),
    instanceSchedule: timestampFromDate(scheduledAt),
    instanceData: [toInstanceDatum('DSTART', interval.start), toInstanceDatum('DEND', interval.end)],
    startTime: timestampFromDate(interval.start),
    endTime: timestampFromDate(interval.end),
    options,
  };
}

/** Fits both calls of the resolver, as their requests have the same fields. */
export function toResolveRequest(request: ResolveRequest) {
  const { config, assets, project } = request;
  return {
    config: { configs: toNamedValues(config) },
    assets: { assets: toNamedValues(assets) },
    project: { name: project.name, config: { ...project.config } },
    options,
  };
}

function toTaskWindow({ size, offset, truncateTo }: CompileAssetsRequest['window']) {
  const sizeMessage = parseGoDuration(size);
  const offsetMessage = parseGoDuration(offset);
  return {
    truncateTo,
    ...(sizeMessage && { size: sizeMessage }),
    ...(offsetMessage && { offset: offsetMessage }),
  };
}

function toInstanceDatum(name: string, time: Date) {
  // Without the milliseconds that toISOString adds, as Go writes times.
  return { name, value: time.toISOString().replace(/\.\d{3}Z$/, 'Z'), type: InstanceSpecData_Type.ENV };
}
