export { compileRunContext } from './context/compile-run-context.ts';
export { toEnvFile } from './context/env-file.ts';
export {
  type ExecutorEnvironmentInput,
  toExecutorEnvironment,
  toJobLabels,
} from './context/executor-environment.ts';
export { findMissingValues } from './context/find-missing-values.ts';
export { findTemplateProblems } from './context/find-template-problems.ts';
export { listNamedSecrets, type NamedSecret } from './context/list-named-secrets.ts';
export { DEFAULT_LIMITS, type TemplateLimits } from './template/budget.ts';
export {
  compileString,
  parseString,
  type RenderedString,
  type StringTemplate,
} from './template/compile-string.ts';
export type { MissingValueWarning } from './template/evaluator.ts';
export {
  parseTemplateSet,
  type RenderedFiles,
  type RenderOptions,
  type TemplateOptions,
  type TemplateSet,
} from './template/template-set.ts';
export type { TemplateMap, TemplateValue } from './template/template-value.ts';
export { computeWindow, type WindowOptions } from './window/compute-window.ts';
export { toZonedText } from './zone/zoned-text.ts';
