import { create, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type {
  CompileAssetsRequest,
  NamedValue,
  PluginAnswer,
  PluginQuestion,
  ResolveRequest,
} from '@optimus/domain';
import { InstanceSpecData_Type } from '@optimus/proto/core';
import {
  CompileAssetsRequestSchema,
  type PluginAnswerSchema,
  type PluginQuestion as PluginQuestionMessage,
  type PluginQuestionSchema,
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
): MessageShape<typeof CompileAssetsRequestSchema> {
  const { config, assets, window, interval, scheduledAt } = request;
  const message = create(CompileAssetsRequestSchema, {
    configs: { configs: toNamedValues(config) },
    assets: { assets: toNamedValues(assets) },
    window: toTaskWindow(window),
    instanceSchedule: timestampFromDate(scheduledAt),
    instanceData: [toInstanceDatum('DSTART', interval.start), toInstanceDatum('DEND', interval.end)],
    startTime: timestampFromDate(interval.start),
    endTime: timestampFromDate(interval.end),
    options,
  });
  message.$unknown = [toTextDatum('DSTART', interval.start), toTextDatum('DEND', interval.end)];
  return message;
}

/** The instance data of 2023, under a number of its own; plugins of other years pass over it. */
function toTextDatum(name: string, time: Date) {
  const content = new BinaryWriter();
  for (const [index, text] of [name, formatTime(time), 'env'].entries()) {
    content.tag(index + 1, WireType.LengthDelimited).string(text);
  }
  const data = new BinaryWriter().bytes(content.finish()).finish();
  return { no: 8, wireType: WireType.LengthDelimited, data };
}

/** Fits both calls of the resolver, as their requests have the same fields. */
export function toResolveRequest(request: ResolveRequest) {
  const { config, assets, project } = request;
  return {
    config: { configs: toNamedValues(config) },
    assets: { assets: toNamedValues(assets) },
    project: {
      name: project.name,
      config: { ...project.config },
      secrets: toNamedValues(project.secrets ?? []),
    },
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
  return { name, value: formatTime(time), type: InstanceSpecData_Type.ENV };
}

/** Without the milliseconds that toISOString adds, as Go writes times. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
