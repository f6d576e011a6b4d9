import type { OptimusError } from '@optimus/domain';
import type { Block, Definition, Pipeline, RangeNode, Statement } from './ast.ts';
import { chooseDefinition, isClash } from './definition.ts';
import { unquoteString } from './literal.ts';
import { PipelineParser } from './pipeline-parser.ts';
import type { SourceText } from './source-text.ts';
import type { Token } from './token.ts';
import { TokenReader } from './token-reader.ts';

const DEEPEST_NESTING = 200;

/**
 * Parses one template file: its own body under the file's name, then every `define` and `block` in it.
 * @throws OptimusError `TEMPLATE_INVALID` with file, line, column and the offending text
 */
export function parseTemplate(source: SourceText, functionNames: ReadonlySet<string>): readonly Definition[] {
  return new Parser(source, functionNames).parse();
}

type BlockEnd = 'end' | 'else' | 'end of template';

class Parser {
  readonly #reader: TokenReader;
  readonly #pipelines: PipelineParser;
  readonly #definitions = new Map<string, Definition>();
  #rangeDepth = 0;
  #nesting = 0;

  constructor(source: SourceText, functionNames: ReadonlySet<string>) {
    this.#reader = new TokenReader(source);
    this.#pipelines = new PipelineParser(this.#reader, functionNames);
  }

  parse(): readonly Definition[] {
    const { body, end } = this.#parseBlock();
    if (end !== 'end of template') throw this.#reader.fault(this.#reader.peek(-1), `unexpected {{${end}}}`);
    const file: Definition = { name: this.#reader.source.name, body, isDefault: false };
    const own = this.#definitions.get(file.name);
    if (own && isClash(file, own)) {
      throw this.#reader.fault(
        this.#reader.peek(),
        `template "${file.name}" is the file itself and cannot be defined in it`,
      );
    }
    return [file, ...this.#definitions.values()];
  }

  /** Statements up to the control word that ends them, which is taken together with its `{{`. */
  #parseBlock(): { readonly body: Block; readonly end: BlockEnd } {
    const body: Statement[] = [];
    for (;;) {
      const token = this.#reader.next();
      if (token.kind === 'end') return { body, end: 'end of template' };
      if (token.kind === 'text') {
        body.push(Object.freeze({ kind: 'text', text: token.text, start: token.start, end: token.end }));
        continue;
      }
      if (this.#reader.accept('end')) return { body, end: 'end' };
      if (this.#reader.accept('else')) return { body, end: 'else' };
      const statement = this.#parseAction(token);
      if (statement) body.push(statement);
    }
  }

  #parseAction(open: Token): Statement | undefined {
    const word = this.#reader.peek();
    const parse = word.kind === 'word' ? this.#controls.get(word.text) : undefined;
    if (!parse) return this.#parsePrint();
    this.#reader.next();
    return this.#nested(open, () => parse(open));
  }

  #parsePrint(): Statement {
    const pipeline = this.#pipelines.parseAction('command');
    return Object.freeze({ kind: 'action', pipeline, start: pipeline.start, end: pipeline.end });
  }

  readonly #controls = new Map<string, (open: Token) => Statement | undefined>([
    ['if', (open: Token) => this.#parseBranch('if', open)],
    ['with', (open: Token) => this.#parseBranch('with', open)],
    ['range', (open: Token) => this.#parseRange(open)],
    ['template', (open: Token) => this.#parseInvocation(open)],
    ['block', (open: Token) => this.#parseNamedBlock(open)],
    ['define', (open: Token) => this.#parseDefine(open)],
    ['break', (open: Token) => this.#parseJump('break', open)],
    ['continue', (open: Token) => this.#parseJump('continue', open)],
  ]);

  // Each level of nesting is a level of our own stack, here and when rendering.
  #nested<T>(open: Token, parse: () => T): T {
    if (++this.#nesting > DEEPEST_NESTING) {
      throw this.#reader.fault(
        open,
        `more than ${DEEPEST_NESTING} nested actions`,
        'move the inner ones to a define',
      );
    }
    const result = parse();
    this.#nesting--;
    return result;
  }

  #parseBranch(kind: 'if' | 'with', open: Token): Statement {
    return this.#pipelines.inScope(() => {
      const pipeline = this.#pipelines.parseAction(kind);
      const { body, otherwise } = this.#parseBody(kind, open);
      return Object.freeze({ kind, pipeline, body, otherwise, start: open.start, end: pipeline.end });
    });
  }

  #parseRange(open: Token): RangeNode {
    return this.#pipelines.inScope(() => {
      const pipeline = this.#pipelines.parseAction('range');
      this.#rangeDepth++;
      const { body, end } = this.#parseBlock();
      this.#rangeDepth--;
      const otherwise = this.#parseOtherwise('range', open, end);
      return Object.freeze({
        kind: 'range',
        pipeline,
        body,
        otherwise,
        start: open.start,
        end: pipeline.end,
      });
    });
  }

  #parseBody(
    kind: 'if' | 'with',
    open: Token,
  ): { readonly body: Block; readonly otherwise: Block | undefined } {
    const { body, end } = this.#parseBlock();
    return { body, otherwise: this.#parseOtherwise(kind, open, end) };
  }

  #parseOtherwise(kind: 'if' | 'with' | 'range', open: Token, end: BlockEnd): Block | undefined {
    if (end === 'end of template') throw this.#unclosed(kind, open);
    if (end === 'end') {
      this.#reader.expectClose('end');
      return undefined;
    }
    // `{{else if x}}` and `{{else with x}}` share the end of the outer action.
    if (kind !== 'range' && this.#reader.accept(kind))
      return [this.#nested(open, () => this.#parseBranch(kind, open))];
    this.#reader.expectClose('else');
    const otherwise = this.#parseBlock();
    if (otherwise.end === 'else')
      throw this.#reader.fault(this.#reader.peek(-1), `second {{else}} in {{${kind}}}`);
    if (otherwise.end === 'end of template') throw this.#unclosed(kind, open);
    this.#reader.expectClose('end');
    return otherwise.body;
  }

  #unclosed(kind: string, open: Token): OptimusError {
    const span = { start: open.start, end: this.#reader.peek(-1).end };
    return this.#reader.fault(span, `{{${kind}}} is never closed`, 'add {{end}}');
  }

  #parseInvocation(open: Token): Statement {
    const name = this.#parseName('template');
    const pipeline = this.#parseOptionalPipeline('template');
    return Object.freeze({
      kind: 'template',
      name,
      pipeline,
      start: open.start,
      end: this.#reader.peek(-1).end,
    });
  }

  #parseOptionalPipeline(context: string): Pipeline | undefined {
    if (this.#reader.peek().kind !== 'close') return this.#pipelines.parseAction(context);
    this.#reader.next();
    return undefined;
  }

  #parseNamedBlock(open: Token): Statement {
    const name = this.#parseName('block');
    const pipeline = this.#pipelines.parseAction('block');
    this.#parseDefinition({ name, isDefault: true, open });
    return Object.freeze({ kind: 'template', name, pipeline, start: open.start, end: pipeline.end });
  }

  #parseDefine(open: Token): undefined {
    if (this.#nesting > 1)
      throw this.#reader.fault(
        open,
        'unexpected {{define}} inside another action',
        'move it to the top level',
      );
    const name = this.#parseName('define');
    this.#reader.expectClose('define');
    this.#parseDefinition({ name, isDefault: false, open });
  }

  #parseDefinition(definition: {
    readonly name: string;
    readonly isDefault: boolean;
    readonly open: Token;
  }): void {
    const { name, isDefault, open } = definition;
    const outerRange = this.#rangeDepth;
    this.#rangeDepth = 0;
    const { body, end } = this.#pipelines.inFreshScope(() => this.#parseBlock());
    this.#rangeDepth = outerRange;
    if (end !== 'end') throw this.#unclosed(isDefault ? 'block' : 'define', open);
    this.#reader.expectClose('end');
    this.#addDefinition({ name, body, isDefault }, open);
  }

  #addDefinition(definition: Definition, open: Token): void {
    const known = this.#definitions.get(definition.name);
    if (known && isClash(known, definition)) {
      throw this.#reader.fault(open, `template "${definition.name}" is defined twice in one file`);
    }
    this.#definitions.set(definition.name, chooseDefinition(known, definition));
  }

  #parseName(context: string): string {
    const token = this.#reader.next();
    const name =
      token.kind === 'string'
        ? unquoteString(token.text)
        : token.kind === 'raw-string'
          ? token.text.slice(1, -1)
          : undefined;
    if (name === undefined) throw this.#reader.unexpected(token, `${context} clause`);
    return name;
  }

  #parseJump(kind: 'break' | 'continue', open: Token): Statement {
    this.#reader.expectClose(kind);
    if (this.#rangeDepth === 0) throw this.#reader.fault(open, `{{${kind}}} outside {{range}}`);
    return Object.freeze({ kind, start: open.start, end: this.#reader.peek(-1).end });
  }
}
