import type {
  ActionNode,
  Block,
  Definition,
  IfNode,
  Pipeline,
  RangeNode,
  Statement,
  TemplateNode,
  WithNode,
} from './ast.ts';
import type { Budget } from './budget.ts';
import { ExpressionEvaluator, type Scope } from './expression-evaluator.ts';
import { printTopLevel } from './format/print-value.ts';
import type { FunctionTable } from './functions/function-table.ts';
import { listKeys } from './map-entries.ts';
import { locate, type SourcePosition, type SourceText } from './source-text.ts';
import { renderFault } from './template-error.ts';
import { findEntry, isList, isMap, isTrue, type TemplateValue, typeName } from './template-value.ts';

/** A definition together with the file it stands in. */
export interface LocatedDefinition extends Definition {
  readonly source: SourceText;
}

/** Something rendered as `<no value>`: legal, and almost always a misspelt or absent key. */
export interface MissingValueWarning extends SourcePosition {
  readonly file: string;
  /** What the author wrote, e.g. `.secret.api_key`. */
  readonly expression: string;
}

/** What one rendering works with. */
export interface Rendering {
  readonly definitions: ReadonlyMap<string, LocatedDefinition>;
  readonly functions: FunctionTable;
  readonly budget: Budget;
  readonly warnings: MissingValueWarning[];
}

/** Renders one definition with the given data. @throws OptimusError `TEMPLATE_FAILED`, `TEMPLATE_TOO_LARGE` */
export function evaluate(rendering: Rendering, definition: LocatedDefinition, data: TemplateValue): string {
  const output: string[] = [];
  new Evaluator(rendering, definition, output, data).run(data);
  return output.join('');
}

/** Nobody reads more, and each one counts lines from the top of its file. */
const MOST_WARNINGS = 100;

/** How a block ended: by reaching its end, or by a jump that its `range` answers. */
type Outcome = 'done' | 'break' | 'continue';

class Evaluator {
  readonly #rendering: Rendering;
  readonly #definition: LocatedDefinition;
  readonly #output: string[];
  readonly #expressions: ExpressionEvaluator;
  readonly #scope: Scope;

  constructor(rendering: Rendering, definition: LocatedDefinition, output: string[], data: TemplateValue) {
    this.#rendering = rendering;
    this.#definition = definition;
    this.#output = output;
    this.#scope = [{ name: '$', value: data }];
    this.#expressions = new ExpressionEvaluator({
      ...rendering,
      source: definition.source,
      scope: this.#scope,
    });
  }

  run(dot: TemplateValue): void {
    this.#runBlock(this.#definition.body, dot);
  }

  #runBlock(block: Block, dot: TemplateValue): Outcome {
    for (const statement of block) {
      const outcome = this.#runLocated(statement, dot);
      if (outcome !== 'done') return outcome;
    }
    return 'done';
  }

  #runLocated(statement: Statement, dot: TemplateValue): Outcome {
    try {
      return this.#runStatement(statement, dot);
    } catch (cause) {
      throw this.#expressions.toLocated(cause, statement);
    }
  }

  #runStatement(statement: Statement, dot: TemplateValue): Outcome {
    switch (statement.kind) {
      case 'text':
        return this.#write(statement.text);
      case 'action':
        return this.#print(statement, dot);
      case 'if':
      case 'with':
        return this.#runBranch(statement, dot);
      case 'range':
        return this.#runRange(statement, dot);
      case 'template':
        return this.#invoke(statement, dot);
      default:
        return statement.kind;
    }
  }

  #write(text: string): Outcome {
    this.#rendering.budget.countOutput(text.length);
    this.#output.push(text);
    return 'done';
  }

  #print(action: ActionNode, dot: TemplateValue): Outcome {
    const { pipeline } = action;
    const value = this.#expressions.evaluatePipeline(pipeline, dot);
    if (pipeline.variables.length > 0) return 'done';
    if (value === undefined || value === null) this.#warn(pipeline);
    return this.#write(printTopLevel(value, this.#rendering.budget));
  }

  #warn(pipeline: Pipeline): void {
    if (this.#rendering.warnings.length >= MOST_WARNINGS) return;
    const { source } = this.#definition;
    const expression = source.text.slice(pipeline.start, pipeline.end);
    this.#rendering.warnings.push({ file: source.name, ...locate(source.text, pipeline.start), expression });
  }

  #runBranch(node: IfNode | WithNode, dot: TemplateValue): Outcome {
    return this.#inScope(() => {
      const value = this.#expressions.evaluatePipeline(node.pipeline, dot);
      if (isTrue(value)) return this.#runBlock(node.body, node.kind === 'with' ? value : dot);
      return this.#runBlock(node.otherwise ?? [], dot);
    });
  }

  #runRange(node: RangeNode, dot: TemplateValue): Outcome {
    return this.#inScope(() => {
      const value = this.#expressions.evaluatePipeline(node.pipeline, dot);
      let ranAny = false;
      for (const [key, item] of this.#items(node, value)) {
        ranAny = true;
        const outcome = this.#inScope(() => this.#runIteration(node, key, item));
        if (outcome === 'break') break;
      }
      return ranAny ? 'done' : this.#runBlock(node.otherwise ?? [], dot);
    });
  }

  #runIteration(node: RangeNode, key: TemplateValue, item: TemplateValue): Outcome {
    this.#rendering.budget.countIteration();
    this.#bindRangeVariables(node.pipeline, key, item);
    return this.#runBlock(node.body, item);
  }

  // One variable takes the item, two take key and item: the reverse of most languages, as Go has it.
  #bindRangeVariables({ variables, assigns }: Pipeline, key: TemplateValue, item: TemplateValue): void {
    const values = variables.length === 2 ? [key, item] : [item];
    variables.forEach((name, index) => {
      if (assigns) this.#expressions.assign(name, values[index]);
      else this.#scope.push({ name, value: values[index] });
    });
  }

  *#items(node: RangeNode, value: TemplateValue): Generator<readonly [TemplateValue, TemplateValue]> {
    if (isList(value)) {
      for (const [index, item] of value.entries()) yield [BigInt(index), item];
    } else if (isMap(value)) {
      for (const key of listKeys(value, this.#rendering.budget)) yield [key, findEntry(value, key)];
    } else if (typeof value === 'bigint') {
      if (node.pipeline.variables.length > 1)
        throw this.#rangeFault(node, `can't use ${value} to iterate over more than one variable`);
      for (let index = 0n; index < value; index++) yield [index, index];
    } else if (value !== undefined && value !== null) {
      throw this.#rangeFault(node, `range can't iterate over a ${typeName(value)}`);
    }
  }

  #rangeFault(node: RangeNode, message: string): Error {
    return renderFault({ source: this.#definition.source, span: node.pipeline, message });
  }

  #invoke(node: TemplateNode, dot: TemplateValue): Outcome {
    const definition = this.#rendering.definitions.get(node.name);
    if (!definition) throw this.#unknownTemplate(node);
    const data = node.pipeline && this.#expressions.evaluatePipeline(node.pipeline, dot);
    const { budget } = this.#rendering;
    budget.enterTemplate();
    new Evaluator(this.#rendering, definition, this.#output, data).run(data);
    budget.leaveTemplate();
    return 'done';
  }

  #unknownTemplate(node: TemplateNode): Error {
    const names = [...this.#rendering.definitions.keys()];
    return renderFault({
      source: this.#definition.source,
      span: node,
      message: `template "${node.name}" not defined`,
      hint: `the job's assets define ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    });
  }

  #inScope(run: () => Outcome): Outcome {
    const outer = this.#scope.length;
    const outcome = run();
    this.#scope.length = outer;
    return outcome;
  }
}
