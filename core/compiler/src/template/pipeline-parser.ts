import { toSuggestion } from '@optimus/domain';
import type { Command, Operand, Pipeline } from './ast.ts';
import { parseNumber, unquoteCharacter, unquoteString } from './literal.ts';
import type { Span } from './source-text.ts';
import { toExcerpt } from './template-error.ts';
import type { Token } from './token.ts';
import type { TokenReader } from './token-reader.ts';

const DEEPEST_PARENTHESES = 200;
const MOST_VARIABLES = 1000;
const LONGEST_SUGGESTED = 100;

/** What may not begin a later stage of a pipeline: it cannot take the value. */
const NOT_EXECUTABLE: ReadonlySet<Operand['kind']> = new Set(['dot', 'nil', 'literal']);

/** Reads pipelines, and keeps the variables in scope while it does. */
export class PipelineParser {
  readonly #reader: TokenReader;
  readonly #functionNames: ReadonlySet<string>;
  #variables: string[] = ['$'];
  #depth = 0;

  constructor(reader: TokenReader, functionNames: ReadonlySet<string>) {
    this.#reader = reader;
    this.#functionNames = functionNames;
  }

  /** Runs `read` in a scope of its own: what it declares is forgotten afterwards. */
  inScope<T>(read: () => T): T {
    const outer = this.#variables.length;
    const result = read();
    this.#variables.length = outer;
    return result;
  }

  /** Runs `read` with `$` as the only variable, as the body of a definition sees it. */
  inFreshScope<T>(read: () => T): T {
    const outer = this.#variables;
    this.#variables = ['$'];
    const result = read();
    this.#variables = outer;
    return result;
  }

  /** A pipeline up to and including its `}}`. `context` names the action for messages. */
  parseAction(context: string): Pipeline {
    const pipeline = this.#parsePipeline(context);
    this.#reader.expectClose(context);
    return pipeline;
  }

  #parsePipeline(context: string): Pipeline {
    const start = this.#reader.peek().start;
    const { variables, assigns } = this.#parseVariables(context);
    const commands = this.#parseCommands(context);
    const end = commands.at(-1)?.end ?? start;
    return Object.freeze({ kind: 'pipeline', variables, assigns, commands, start, end });
  }

  #parseVariables(context: string): Pick<Pipeline, 'variables' | 'assigns'> {
    const variables: string[] = [];
    while (this.#beginsVariables()) {
      variables.push(this.#reader.next().text);
      const operator = this.#reader.next();
      if (operator.text === ',') {
        this.#requirePair(context, variables.length, operator);
        continue;
      }
      this.#declare(variables, operator);
      return { variables, assigns: operator.text === '=' };
    }
    if (variables.length > 0)
      throw this.#reader.fault(this.#reader.peek(), 'range can only initialize variables');
    return { variables, assigns: false };
  }

  // Variables are looked up one by one, so a template with a hundred thousand of them would take for ever.
  #declare(variables: readonly string[], at: Span): void {
    this.#variables.push(...variables);
    if (this.#variables.length <= MOST_VARIABLES) return;
    throw this.#reader.fault(at, `more than ${MOST_VARIABLES} variables in scope`, 'keep them in a dict');
  }

  #beginsVariables(): boolean {
    if (this.#reader.peek().kind !== 'variable') return false;
    const after = this.#reader.peek(1);
    return after.kind === 'symbol' && [':=', '=', ','].includes(after.text);
  }

  #requirePair(context: string, count: number, comma: Token): void {
    if (context === 'range' && count < 2) return;
    throw this.#reader.fault(comma, `too many declarations in ${context}`, 'only range takes two variables');
  }

  #parseCommands(context: string): readonly Command[] {
    const commands: Command[] = [];
    do {
      commands.push(this.#parseCommand(context, commands.length));
      // Go lets a pipeline end in a bar.
    } while (this.#reader.accept('|') && !this.#isAtEnd());
    return commands;
  }

  #isAtEnd(): boolean {
    const token = this.#reader.peek();
    return token.kind === 'close' || this.#reader.isNext(')');
  }

  #parseCommand(context: string, stage: number): Command {
    const first = this.#parseOperand();
    if (!first) throw this.#missingCommand(context, stage);
    if (stage > 0 && NOT_EXECUTABLE.has(first.kind)) {
      throw this.#reader.fault(first, `non executable command in pipeline stage ${stage + 1}`);
    }
    const args = this.#parseArguments();
    return Object.freeze({
      kind: 'command',
      operand: first,
      args,
      start: first.start,
      end: args.at(-1)?.end ?? first.end,
    });
  }

  #missingCommand(context: string, stage: number): Error {
    const token = this.#reader.peek();
    if (stage > 0 || !this.#isAtEnd()) return this.#reader.unexpected(token, context);
    return this.#reader.fault(token, `missing value for ${context}`);
  }

  #parseArguments(): readonly Operand[] {
    const args: Operand[] = [];
    for (;;) {
      const token = this.#reader.peek();
      const operand = token.spaced ? this.#parseOperand() : undefined;
      if (operand) args.push(operand);
      else break;
    }
    this.#requireEndOfCommand();
    return args;
  }

  #requireEndOfCommand(): void {
    const token = this.#reader.peek();
    if (token.kind === 'close' || (token.kind === 'symbol' && (token.text === '|' || token.text === ')')))
      return;
    throw this.#reader.unexpected(token, 'operand');
  }

  #parseOperand(): Operand | undefined {
    const term = this.#parseTerm();
    if (!term) return undefined;
    const path: string[] = [];
    let end = term.end;
    while (this.#reader.peek().kind === 'field' && !this.#reader.peek().spaced) {
      const field = this.#reader.next();
      path.push(field.text.slice(1));
      end = field.end;
    }
    return path.length === 0 ? term : this.#withPath(term, path, end);
  }

  #withPath(term: Operand, path: readonly string[], end: number): Operand {
    switch (term.kind) {
      case 'field':
      case 'variable':
        return Object.freeze({ ...term, path: [...term.path, ...path], end });
      case 'dot':
      case 'nil':
      case 'literal':
        throw this.#reader.fault({ start: term.start, end }, 'a constant or dot has no fields');
      default:
        return Object.freeze({ kind: 'chain', operand: term, path, start: term.start, end });
    }
  }

  #parseTerm(): Operand | undefined {
    const token = this.#reader.peek();
    const term =
      token.text === '(' && token.kind === 'symbol' ? this.#parseParentheses() : this.#toTerm(token);
    if (term && term.kind !== 'pipeline') this.#reader.next();
    return term;
  }

  #parseParentheses(): Operand {
    const open = this.#reader.next();
    if (++this.#depth > DEEPEST_PARENTHESES) {
      throw this.#reader.fault(
        open,
        `more than ${DEEPEST_PARENTHESES} nested parentheses`,
        'split the expression with variables',
      );
    }
    const pipeline = this.#parsePipeline('parenthesized pipeline');
    this.#depth--;
    const close = this.#reader.next();
    if (close.text !== ')') throw this.#reader.unexpected(close, 'parenthesized pipeline');
    return Object.freeze({ ...pipeline, start: open.start, end: close.end });
  }

  #toTerm(token: Token): Operand | undefined {
    const { start, end } = token;
    switch (token.kind) {
      case 'dot':
        return Object.freeze({ kind: 'dot', start, end });
      case 'field':
        return Object.freeze({ kind: 'field', path: [token.text.slice(1)], start, end });
      case 'variable':
        return this.#toVariable(token);
      case 'word':
        return this.#toWord(token);
      default:
        return this.#toLiteral(token);
    }
  }

  #toVariable(token: Token): Operand {
    if (!this.#variables.includes(token.text)) {
      throw this.#reader.fault(
        token,
        `undefined variable "${toExcerpt(token.text)}"${suggest(token.text, this.#variables)}`,
      );
    }
    return Object.freeze({
      kind: 'variable',
      name: token.text,
      path: [],
      start: token.start,
      end: token.end,
    });
  }

  #toWord(token: Token): Operand {
    const { text, start, end } = token;
    if (text === 'nil') return Object.freeze({ kind: 'nil', start, end });
    if (text === 'true' || text === 'false') {
      return Object.freeze({ kind: 'literal', value: text === 'true', start, end });
    }
    if (!this.#functionNames.has(text)) {
      throw this.#reader.fault(
        token,
        `function "${toExcerpt(text)}" not defined${suggest(text, this.#functionNames)}`,
      );
    }
    return Object.freeze({ kind: 'function', name: text, start, end });
  }

  #toLiteral(token: Token): Operand | undefined {
    const read = LITERALS[token.kind];
    if (!read) return undefined;
    const value = read.parse(token.text);
    if (value === undefined) throw this.#reader.fault(token, `bad ${read.noun}`);
    const span: Span = { start: token.start, end: token.end };
    return Object.freeze({ kind: 'literal', value, ...span });
  }
}

// Comparing takes time by the product of the lengths, and nobody means a name of a megabyte.
function suggest(name: string, candidates: Iterable<string>): string {
  return name.length > LONGEST_SUGGESTED ? '' : toSuggestion(name, candidates);
}

interface LiteralReader {
  readonly noun: string;
  readonly parse: (text: string) => string | bigint | number | undefined;
}

const LITERALS: Readonly<Partial<Record<Token['kind'], LiteralReader>>> = {
  string: { noun: 'string', parse: unquoteString },
  'raw-string': { noun: 'raw string', parse: (text) => text.slice(1, -1).replaceAll('\r', '') },
  number: { noun: 'number', parse: parseNumber },
  char: { noun: 'character constant', parse: unquoteCharacter },
};
