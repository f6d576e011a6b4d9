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
  type TemplateOptions,
  type TemplateSet,
} from './template/template-set.ts';
