import {
  type CompiledRunContext,
  type CompileRunContext,
  type HookSpec,
  maskError,
  present,
  type RunContextInput,
  SecretPatterns,
  splitAssets,
} from '@optimus/domain';
import type { RenderOptions } from '../template/template-set.ts';
import type { TemplateMap } from '../template/template-value.ts';
import { type CompiledConfig, compileConfig } from './compile-config.ts';
import { decideSkip } from './decide-skip.ts';
import { describeWarning } from './describe-warning.ts';
import { parseAssets } from './parsed-templates.ts';
import { type TextRecord, toHookData, toInstanceVariables, toTaskData } from './template-data.ts';

/**
 * Compiles what one instance of a run receives. Entries whose text holds `.secret.` become secrets, all others environment
 * variables; the instance's own variables win over configuration of the same name. The input is never changed, and equal
 * inputs give equal contexts.
 */
export const compileRunContext: CompileRunContext = (input) => {
  try {
    return compile(input);
  } catch (thrown) {
    // `fail` says what it is told to, and messages are stored and logged.
    throw maskError(thrown, new SecretPatterns(Object.values(input.secrets)));
  }
};

function compile(input: RunContextInput): CompiledRunContext {
  const { config, data, skipReason } = compileInstanceConfig(input);
  const { texts, binaries } = splitAssets(input.assets);
  const { files: rendered, warnings } = parseAssets(texts).render(data, toClock(input));
  const files = Object.keys(binaries).length === 0 ? rendered : { ...rendered, ...binaries };
  return Object.freeze({
    ...splitConfig(config, toInstanceVariables(input)),
    files,
    warnings: Object.freeze([
      ...config.warnings,
      ...warnings.map((warning) => describeWarning(warning, data)),
    ]),
    ...(skipReason !== undefined && { skipReason }),
  });
}

// Retries of a run see the same time, so `now` changes nothing from one compilation to the next.
function toClock({ executionTime }: RunContextInput): RenderOptions {
  return { now: executionTime };
}

interface InstanceConfig {
  readonly config: CompiledConfig;
  /** What the instance's configuration was compiled with, and its assets will be. */
  readonly data: TemplateMap;
  /** Why the instance is not needed; absent: it is. */
  readonly skipReason?: string;
}

function compileInstanceConfig(input: RunContextInput): InstanceConfig {
  const { task } = input.job.spec;
  const taskData = toTaskData(input);
  const taskConfig = compileConfig(`task.${task.name}`, task.config, taskData, toClock(input));
  if (input.instance.type === 'task') return { config: taskConfig, data: taskData };
  const hook = findHook(input);
  const data = toHookData(taskData, toRecord(taskConfig.items));
  const skip = decideSkip(hook, data, toClock(input));
  const config = compileConfig(`hook.${hook.name}`, hook.config, data, toClock(input));
  return { data, ...skip, config: { ...config, warnings: [...skip.warnings, ...config.warnings] } };
}

function findHook({ job, instance }: RunContextInput): HookSpec {
  const hook = job.spec.hooks.find(({ name }) => name === instance.name);
  return present(hook, `hook ${instance.name} of job ${job.spec.name}`);
}

function splitConfig(
  config: CompiledConfig,
  variables: TextRecord,
): Pick<CompiledRunContext, 'envs' | 'secrets'> {
  const own = config.items.filter(({ name }) => !Object.hasOwn(variables, name));
  return {
    envs: Object.freeze(toSorted({ ...toRecord(own.filter(({ isSecret }) => !isSecret)), ...variables })),
    secrets: Object.freeze(toSorted(toRecord(own.filter(({ isSecret }) => isSecret)))),
  };
}

function toRecord(items: CompiledConfig['items']): TextRecord {
  return Object.fromEntries(items.map(({ name, value }) => [name, value]));
}

function toSorted(record: TextRecord): TextRecord {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
