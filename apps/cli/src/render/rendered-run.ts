import { timestampDate } from '@bufbuild/protobuf/wkt';
import { formatInstant, fromSentAssets, type InstanceType, present, type RenderedJob } from '@optimus/domain';
import { core } from '@optimus/proto';

type TextRecord = Readonly<Record<string, string>>;

/** One task or hook of a run, as it would see it. */
export interface RenderedPart {
  readonly type: InstanceType;
  readonly name: string;
  readonly envs: TextRecord;
  /** Masked. */
  readonly secrets: TextRecord;
  readonly files: TextRecord;
  readonly warnings: readonly string[];
}

/** What a run would see, in the form that is printed. Times are RFC 3339 in UTC. */
export interface RenderedRun {
  readonly job: string;
  readonly scheduledAt: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly instances: readonly RenderedPart[];
}

/** What was compiled here. */
export function toRenderedRun(job: string, { scheduledAt, window, instances }: RenderedJob): RenderedRun {
  return {
    job,
    scheduledAt: formatInstant(scheduledAt),
    windowStart: formatInstant(window.start),
    windowEnd: formatInstant(window.end),
    instances: instances.map(({ type, name, context: { envs, secrets, files, warnings } }) => ({
      type,
      name,
      envs,
      secrets,
      files,
      warnings,
    })),
  };
}

/** What the server compiled. */
export function fromRenderAnswer(job: string, answer: core.RenderJobResponse): RenderedRun {
  const { scheduledAt, windowStart, windowEnd, instances } = answer;
  return {
    job,
    scheduledAt: toText(scheduledAt),
    windowStart: toText(windowStart),
    windowEnd: toText(windowEnd),
    instances: instances.map(fromInstance),
  };
}

function fromInstance({ name, type, context, warnings }: core.RenderedInstance): RenderedPart {
  const { envs = {}, secrets = {}, files: texts = {}, binaryFiles = {} } = context ?? {};
  const files = fromSentAssets(texts, binaryFiles);
  const isHook = type === core.InstanceSpec_Type.HOOK;
  return { type: isHook ? 'hook' : 'task', name, envs, secrets, files, warnings };
}

function toText(time: core.RenderJobResponse['scheduledAt']): string {
  return formatInstant(timestampDate(present(time, 'a time of a rendered job')));
}
