import { present } from '@optimus/domain';
import { Budget, DEFAULT_LIMITS, type TemplateLimits } from './budget.ts';
import { chooseDefinition } from './definition.ts';
import { evaluate, type LocatedDefinition, type MissingValueWarning, type Rendering } from './evaluator.ts';
import { type FunctionTable, functionNames } from './functions/function-table.ts';
import { jobFunctions } from './functions/job-functions.ts';
import { copyMap } from './map-entries.ts';
import { parseTemplate } from './parser.ts';
import { compareStrings, type TemplateMap } from './template-value.ts';

// `set` and its like change a map in place, as sprig has it: templates that name one get data of their own.
const CHANGES_DATA = /\b(?:set|unset|(?:must)?[mM]erge)/;

const PARTIAL = /\.(?:gtpl|j2|tmpl|tpl)$/;

/** What may differ between kinds of templates. */
export interface TemplateOptions {
  readonly functions?: FunctionTable;
  readonly limits?: TemplateLimits;
  /** What becomes of files named like partials; `verbatim` unless given. */
  readonly partials?: 'verbatim' | 'rendered';
}

/** Rendered files by name, and what was missing while rendering them. */
export interface RenderedFiles {
  readonly files: Readonly<Record<string, string>>;
  readonly warnings: readonly MissingValueWarning[];
}

/** Parsed templates that know each other by name. Immutable: rendering one twice, or two at once, shares nothing. */
export interface TemplateSet {
  /**
   * Renders every file with `data`; partials (`.gtpl .j2 .tmpl .tpl`) come back as they were written.
   * @throws OptimusError `TEMPLATE_FAILED`, `TEMPLATE_TOO_LARGE`
   */
  render(data: TemplateMap, options?: RenderOptions): RenderedFiles;
}

/** What may differ between two renderings with the same data. */
export interface RenderOptions {
  /** What `now` answers, by convention the run's execution time; without it `now` is refused. */
  readonly now?: Date;
}

/**
 * Parses a job's files, name to text, into one set: each file is a template under its name, and what one file defines every
 * other may use. Partials are parsed too, so their mistakes are found. @throws OptimusError `TEMPLATE_INVALID`
 */
export function parseTemplateSet(
  files: Readonly<Record<string, string>>,
  options: TemplateOptions = {},
): TemplateSet {
  const { functions = jobFunctions, limits = DEFAULT_LIMITS, partials = 'verbatim' } = options;
  const names = Object.keys(files).sort(compareStrings);
  const definitions = collectDefinitions(files, names, functions);
  const changesData = Object.values(files).some((text) => CHANGES_DATA.test(text));
  const render = (given: TemplateMap, { now }: RenderOptions = {}): RenderedFiles => {
    const budget = new Budget(limits, now);
    const data = changesData ? copyMap(given, budget) : given;
    const rendering: Rendering = { definitions, functions, budget, warnings: [] };
    const entries = names.map((name) => {
      const isVerbatim = partials === 'verbatim' && PARTIAL.test(name);
      return [name, isVerbatim ? (files[name] ?? '') : renderFile(rendering, name, data)] as const;
    });
    return { files: Object.freeze(Object.fromEntries(entries)), warnings: rendering.warnings };
  };
  return Object.freeze({ render });
}

function renderFile(rendering: Rendering, name: string, data: TemplateMap): string {
  const definition = present(rendering.definitions.get(name), `template ${name}`);
  return evaluate(rendering, definition, data);
}

function collectDefinitions(
  files: Readonly<Record<string, string>>,
  names: readonly string[],
  functions: FunctionTable,
): ReadonlyMap<string, LocatedDefinition> {
  const known = functionNames(functions);
  const definitions = new Map<string, LocatedDefinition>();
  for (const name of names) {
    const source = { name, text: files[name] ?? '' };
    for (const definition of parseTemplate(source, known)) {
      const located = { ...definition, source };
      definitions.set(definition.name, chooseDefinition(definitions.get(definition.name), located));
    }
  }
  return definitions;
}
