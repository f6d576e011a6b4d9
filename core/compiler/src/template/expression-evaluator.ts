import { OptimusError, toErrorMessage } from '@optimus/domain';
import type { Command, FunctionNode, Operand, Pipeline, VariableNode } from './ast.ts';
import type { Budget } from './budget.ts';
import type { FunctionTable } from './functions/function-table.ts';
import type { TemplateFunction } from './functions/template-function.ts';
import type { SourceText, Span } from './source-text.ts';
import { limitFault, renderFault } from './template-error.ts';
import {
  findEntry,
  isList,
  isMap,
  isTrue,
  type TemplateList,
  TemplateObject,
  type TemplateValue,
  typeName,
} from './template-value.ts';

/** A variable and what it holds now. */
export interface Variable {
  readonly name: string;
  value: TemplateValue;
}

/** Variables from the outermost to the innermost. */
export type Scope = Variable[];

/** What evaluating expressions of one template needs. */
export interface ExpressionContext {
  readonly source: SourceText;
  readonly scope: Scope;
  readonly functions: FunctionTable;
  readonly budget: Budget;
}

/** The value a pipeline hands to its next command; absent for the first one. */
type Piped = { readonly value: TemplateValue } | undefined;

/** Evaluates the pipelines of one template. */
export class ExpressionEvaluator {
  readonly #context: ExpressionContext;

  constructor(context: ExpressionContext) {
    this.#context = context;
  }

  /** The value of a pipeline; its variables, if any, are set (a range sets its own). */
  evaluatePipeline(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    this.#context.budget.countStep();
    let piped: Piped;
    // A nil that comes out of a command is no value at all, so its fields are missing rather than an error.
    for (const command of pipeline.commands)
      piped = { value: this.#evaluateCommand(command, dot, piped) ?? undefined };
    const value = piped?.value;
    for (const name of pipeline.variables) this.#setVariable(pipeline, name, value);
    return value;
  }

  /** Sets the innermost variable of this name; false when there is none. */
  assign(name: string, value: TemplateValue): boolean {
    const variable = this.#findVariable(name);
    if (variable) variable.value = value;
    return variable !== undefined;
  }

  /** Adds this template's place to an error thrown by code that knows none; an error with a place stays as it is. */
  toLocated(cause: unknown, span: Span, prefix = ''): OptimusError {
    if (cause instanceof OptimusError && cause.fields['file'] !== undefined) return cause;
    const hint = cause instanceof OptimusError ? cause.hint : undefined;
    const fault = {
      source: this.#context.source,
      span,
      message: prefix + toErrorMessage(cause),
      hint,
      cause,
    };
    return cause instanceof OptimusError && cause.code === 'TEMPLATE_TOO_LARGE'
      ? limitFault(fault)
      : renderFault(fault);
  }

  #setVariable(pipeline: Pipeline, name: string, value: TemplateValue): void {
    if (!pipeline.assigns) this.#context.scope.push({ name, value });
    else if (!this.assign(name, value)) throw this.#fault(pipeline, `undefined variable: ${name}`);
  }

  #findVariable(name: string): Variable | undefined {
    const { scope } = this.#context;
    for (let index = scope.length - 1; index >= 0; index--) {
      const variable = scope[index];
      if (variable?.name === name) return variable;
    }
    return undefined;
  }

  #evaluateCommand(command: Command, dot: TemplateValue, piped: Piped): TemplateValue {
    const { operand } = command;
    if (operand.kind === 'function') return this.#callFunction(command, operand, dot, piped);
    if (operand.kind === 'nil') throw this.#fault(operand, 'nil is not a command');
    if (command.args.length > 0 || piped) throw this.#notAFunction(command);
    return this.#evaluateOperand(operand, dot);
  }

  #notAFunction(command: Command): OptimusError {
    const what = this.#context.source.text.slice(command.operand.start, command.operand.end);
    return this.#fault(command, `can't give argument to non-function ${what}`);
  }

  #evaluateOperand(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'literal':
        return operand.value;
      case 'field':
        return this.#followPath(operand, operand.path, dot);
      case 'variable':
        return this.#readVariable(operand);
      case 'chain':
        return this.#followPath(operand, operand.path, this.#evaluateOperand(operand.operand, dot));
      case 'function':
        return this.#callFunction(
          { ...operand, kind: 'command', operand, args: [] },
          operand,
          dot,
          undefined,
        );
      default:
        return this.evaluatePipeline(operand, dot);
    }
  }

  #readVariable(node: VariableNode): TemplateValue {
    const variable = this.#findVariable(node.name);
    if (!variable) throw this.#fault(node, `undefined variable: ${node.name}`);
    return this.#followPath(node, node.path, variable.value);
  }

  #followPath(span: Span, path: readonly string[], start: TemplateValue): TemplateValue {
    let value = start;
    for (const key of path) {
      if (value === undefined) return undefined;
      if (isMap(value)) value = findEntry(value, key);
      else if (value instanceof TemplateObject && value.member(key) !== undefined) value = value.member(key);
      else throw this.#fieldFault(span, key, value);
    }
    return value;
  }

  #fieldFault(span: Span, key: string, value: TemplateValue): OptimusError {
    if (value === null) return this.#fault(span, `nil pointer evaluating interface {}.${key}`);
    return this.#fault(span, `can't evaluate field ${key} in type ${typeName(value)}`);
  }

  #callFunction(command: Command, node: FunctionNode, dot: TemplateValue, piped: Piped): TemplateValue {
    if (node.name === 'and' || node.name === 'or') return this.#evaluateLogic(command, node.name, dot, piped);
    const args = command.args.map((argument) => this.#evaluateOperand(argument, dot));
    if (piped) args.push(piped.value);
    this.#countWork(args);
    const found = this.#context.functions.get(node.name);
    if (!found) throw this.#fault(node, `function "${node.name}" not defined`);
    this.#checkCount(found, node, args.length);
    try {
      return this.#charge(found.call(args, this.#context.budget));
    } catch (cause) {
      throw this.toLocated(cause, command, `error calling ${node.name}: `);
    }
  }

  // Most functions read their arguments from end to end, so a loop over a long one costs more than its passes.
  #countWork(args: TemplateList): void {
    let size = 0;
    for (const arg of args) if (typeof arg === 'string' || isList(arg)) size += arg.length;
    this.#context.budget.countWork(size);
  }

  /** A value that was only passed on is charged again: what that costs is little beside telling it apart. */
  #charge(made: TemplateValue): TemplateValue {
    if (typeof made === 'string') this.#context.budget.countBytes(made.length);
    else if (isList(made)) this.#context.budget.countItems(made.length);
    return made;
  }

  #checkCount(found: TemplateFunction, node: FunctionNode, count: number): void {
    const { name, minArguments, maxArguments } = found;
    if (count >= minArguments && count <= maxArguments) return;
    const wanted = maxArguments === minArguments ? `${minArguments}` : `at least ${minArguments}`;
    throw this.#fault(node, `wrong number of args for ${name}: want ${wanted} got ${count}`);
  }

  // `and` and `or` stop at the first argument that decides: the others are not evaluated at all.
  #evaluateLogic(command: Command, name: 'and' | 'or', dot: TemplateValue, piped: Piped): TemplateValue {
    if (command.args.length === 0 && !piped) {
      throw this.#fault(command, `wrong number of args for ${name}: want at least 1 got 0`);
    }
    let value: TemplateValue;
    for (const argument of command.args) {
      value = this.#evaluateOperand(argument, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped ? piped.value : value;
  }

  #fault(span: Span, message: string): OptimusError {
    return renderFault({ source: this.#context.source, span, message });
  }
}
