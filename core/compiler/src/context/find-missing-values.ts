import type { FindMissingValues, JobWarning } from '@optimus/domain';
import { parseString } from '../template/compile-string.ts';
import type { MissingValueWarning } from '../template/evaluator.ts';
import { parseTemplateSet, type RenderOptions } from '../template/template-set.ts';
import type { TemplateMap } from '../template/template-value.ts';
import { describeMissing } from './describe-warning.ts';
import { namesOnlyKnown } from './names-only-known.ts';
import { toHookData, toTaskData } from './template-data.ts';

type MissingValue = Omit<JobWarning, 'name'>;

/**
 * Renders every template of a job as a run would, so that only what would be written as `<no value>` is told: a value that is asked for in
 * an `if` or has a `default` may be missing. Assets are rendered once, with all that hooks see besides. Every secret that is named has a
 * value. What cannot be rendered with it, because it is not JSON perhaps, tells nothing.
 */
export const findMissingValues: FindMissingValues = (input) => {
  const { task, hooks } = input.job.spec;
  const clock = { now: input.executionTime };
  const inTask = new Preview(
    toTaskData({ ...input, secrets: toStandIns(input), instance: { type: 'task', name: task.name } }),
    clock,
  );
  if (hooks.length === 0) {
    for (const { name, value } of task.config) inTask.look(`task.config.${name}`, value);
    return [...inTask.found, ...inTask.findInAssets(input.assets)];
  }
  const config = task.config.map(({ name, value }) => [name, inTask.render(`task.config.${name}`, value)]);
  const inHooks = new Preview(toHookData(inTask.data, Object.fromEntries(config)), clock);
  for (const { name: hook, when = '', config: own } of hooks) {
    inHooks.look(`${hook}.when`, when);
    for (const { name, value } of own) inHooks.look(`${hook}.config.${name}`, value);
  }
  return [...inTask.found, ...inHooks.found, ...inHooks.findInAssets(input.assets)];
};

type Input = Parameters<FindMissingValues>[0];

/** A value for whatever may be the name of a secret: which there are, and what they hold, is not known here. */
function toStandIns({ job: { spec }, assets }: Input): Readonly<Record<string, string>> {
  const entries = [spec.task, ...spec.hooks].flatMap(({ config }) => config.map(({ value }) => value));
  const texts = [...entries, ...spec.hooks.map(({ when = '' }) => when), ...Object.values(assets)];
  const names = texts
    .filter((text) => text.includes('.secret'))
    .flatMap((text) => text.match(SECRET_NAME) ?? []);
  return Object.fromEntries(names.map((name) => [name, 'stand-in']));
}

const SECRET_NAME = /[A-Za-z_][\w-]*/g;
/** A variable that is made of a secret: what it holds is not known. */
const HELD_SECRET = /\$\w+\s*:?=[^}]*\.secret/;

/** Texts rendered with the same data, and what was missing. */
class Preview {
  readonly data: TemplateMap;
  readonly found: MissingValue[] = [];
  readonly #clock: RenderOptions;

  constructor(data: TemplateMap, clock: RenderOptions) {
    this.data = data;
    this.#clock = clock;
  }

  /** Renders a text only when its looks do not tell that nothing is missing. */
  look(path: string, text: string): void {
    if (!namesOnlyKnown(text, this.data)) this.render(path, text);
  }

  /** The text as it would be; as it stands, when it cannot be rendered. */
  render(path: string, text: string): string {
    if (!text.includes('{{')) return text;
    try {
      const rendered = parseString(path, text).render(this.data, this.#clock);
      this.found.push(...this.#tell(rendered.warnings, { [path]: text }, () => ({ path })));
      return rendered.text;
    } catch {
      return text;
    }
  }

  findInAssets(assets: Readonly<Record<string, string>>): readonly MissingValue[] {
    if (Object.values(assets).every((text) => namesOnlyKnown(text, this.data))) return [];
    try {
      const { warnings } = parseTemplateSet(assets).render(this.data, this.#clock);
      return this.#tell(warnings, assets, ({ file, line, column }) => ({
        path: `assets.${file}`,
        place: { line, column },
      }));
    } catch {
      return [];
    }
  }

  /** A text that names the same thing again is told once. Whoever deploys is told of secrets by whoever knows which there are. */
  #tell(
    warnings: readonly MissingValueWarning[],
    texts: Readonly<Record<string, string>>,
    toPlace: (warning: MissingValueWarning) => Omit<MissingValue, 'message'>,
  ): readonly MissingValue[] {
    const told = warnings
      .filter(({ file, expression }) => !isOfSecret(expression, texts[file] ?? ''))
      .map((warning) => ({ ...toPlace(warning), message: describeMissing(warning, this.data) }));
    return [...Map.groupBy(told, ({ path, message }) => `${path}\n${message}`).values()].flatMap((same) =>
      same.slice(0, 1),
    );
  }
}

function isOfSecret(expression: string, text: string): boolean {
  return expression.includes('.secret') || (/^\$\w/.test(expression) && HELD_SECRET.test(text));
}
