import type { Span } from './source-text.ts';

/** A template's body: what is written between two control words. */
export type Block = readonly Statement[];

export type Statement =
  | TextNode
  | ActionNode
  | IfNode
  | WithNode
  | RangeNode
  | TemplateNode
  | BreakNode
  | ContinueNode;

export interface TextNode extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** `{{pipeline}}`: prints its value unless it only sets a variable. */
export interface ActionNode extends Span {
  readonly kind: 'action';
  readonly pipeline: Pipeline;
}

interface Branch extends Span {
  readonly pipeline: Pipeline;
  readonly body: Block;
  /** Undefined when there is no `else`. */
  readonly otherwise: Block | undefined;
}

export interface IfNode extends Branch {
  readonly kind: 'if';
}

export interface WithNode extends Branch {
  readonly kind: 'with';
}

export interface RangeNode extends Branch {
  readonly kind: 'range';
}

/** `{{template "name" pipeline}}`. */
export interface TemplateNode extends Span {
  readonly kind: 'template';
  readonly name: string;
  /** Undefined: the invoked template sees no data. */
  readonly pipeline: Pipeline | undefined;
}

export interface BreakNode extends Span {
  readonly kind: 'break';
}

export interface ContinueNode extends Span {
  readonly kind: 'continue';
}

/** `$a, $b := command | command`: each command's value becomes the last argument of the next. */
export interface Pipeline extends Span {
  readonly kind: 'pipeline';
  /** Names with their `$`; at most two, and two only in `range`. */
  readonly variables: readonly string[];
  /** `=` rather than `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function or value with its arguments. */
export interface Command extends Span {
  readonly kind: 'command';
  readonly operand: Operand;
  readonly args: readonly Operand[];
}

export type Operand =
  | DotNode
  | NilNode
  | LiteralNode
  | FieldNode
  | VariableNode
  | ChainNode
  | FunctionNode
  | Pipeline;

export interface DotNode extends Span {
  readonly kind: 'dot';
}

export interface NilNode extends Span {
  readonly kind: 'nil';
}

/** A constant; a `bigint` is a Go integer, a `number` a float64. */
export interface LiteralNode extends Span {
  readonly kind: 'literal';
  readonly value: string | boolean | bigint | number;
}

/** `.a.b` from dot. */
export interface FieldNode extends Span {
  readonly kind: 'field';
  readonly path: readonly string[];
}

/** `$x.a.b`; `$` itself is the data handed to the template. */
export interface VariableNode extends Span {
  readonly kind: 'variable';
  readonly name: string;
  readonly path: readonly string[];
}

/** `(pipeline).a.b`. */
export interface ChainNode extends Span {
  readonly kind: 'chain';
  readonly operand: Operand;
  readonly path: readonly string[];
}

export interface FunctionNode extends Span {
  readonly kind: 'function';
  readonly name: string;
}

/** `{{define}}` or `{{block}}`, or a file itself. */
export interface Definition {
  readonly name: string;
  readonly body: Block;
  /** A block is a default that any `define` of the same name replaces. */
  readonly isDefault: boolean;
}
