import type { TemplateList, TemplateValue } from '../template-value.ts';

/** One `%` directive: flags, width and precision, already resolved against the arguments. */
export interface Directive {
  readonly verb: string;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  /** `%#v`: the value as Go source. */
  readonly goSyntax: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** A directive and its argument, after text that Go writes for a mistake in the directive. */
export interface ParsedDirective {
  readonly text: string;
  /** Absent when the text is all there is to write. */
  readonly request?: { readonly directive: Directive; readonly value: TemplateValue };
}

/** Go's bounds: of a width taken from an argument, and of one in the format, which it checks a digit late. */
const WIDEST_ARGUMENT = 1_000_000n;
const WIDEST_WRITTEN = 10_000_009n;
const NUMBER = /\d+/y;
const INDEX = /\[(\d+)\]/y;

type Flags = Pick<Directive, 'minus' | 'plus' | 'sharp' | 'space' | 'zero'>;

/** Reads the directives of one format string and hands out its arguments. */
export class DirectiveReader {
  readonly #format: string;
  readonly #args: TemplateList;
  #position = 0;
  #argument = 0;
  #reordered = false;
  #badIndex = false;
  #problems = '';

  constructor(format: string, args: TemplateList) {
    this.#format = format;
    this.#args = args;
  }

  /** The text up to the next `%`, or undefined at the end of the format. */
  readText(): string | undefined {
    if (this.#position >= this.#format.length) return undefined;
    const percent = this.#format.indexOf('%', this.#position);
    const end = percent < 0 ? this.#format.length : percent;
    const text = this.#format.slice(this.#position, end);
    this.#position = end;
    return text;
  }

  /** The arguments that no directive used; none are reported once the format chose them by index. */
  unusedArguments(): TemplateList {
    return this.#reordered ? [] : this.#args.slice(this.#argument);
  }

  /** The directive at the `%` under the cursor, or undefined at the end of the format. */
  readDirective(): ParsedDirective | undefined {
    if (this.#position >= this.#format.length) return undefined;
    this.#position++;
    this.#badIndex = false;
    this.#problems = '';
    const flags = this.#readFlags();
    this.#readIndex();
    const width = this.#readSize('%!(BADWIDTH)');
    const precision = this.#readPrecision();
    this.#readIndex();
    const verb = this.#readVerb();
    if (verb === '') return { text: `${this.#problems}%!(NOVERB)` };
    // Under %v a plus asks for the names of struct fields, which we have none of, instead of a sign.
    const isValue = verb === 'v';
    const shape = {
      plus: flags.plus && !isValue,
      sharp: flags.sharp && !isValue,
      goSyntax: flags.sharp && isValue,
    };
    return this.#takeArgument({ ...flags, ...shape, ...toWidth(width, flags), precision, verb });
  }

  #readFlags(): Flags {
    const start = this.#position;
    while ('-+# 0'.includes(this.#format[this.#position] ?? '?')) this.#position++;
    const flags = this.#format.slice(start, this.#position);
    const has = (flag: string): boolean => flags.includes(flag);
    return { minus: has('-'), plus: has('+'), sharp: has('#'), space: has(' '), zero: has('0') };
  }

  #readIndex(): void {
    if (this.#format[this.#position] !== '[') return;
    this.#reordered = true;
    INDEX.lastIndex = this.#position;
    const found = INDEX.exec(this.#format);
    const index = found ? Number(found[1]) - 1 : -1;
    if (index >= 0 && index < this.#args.length) this.#argument = index;
    else this.#badIndex = true;
    const close = this.#format.indexOf(']', this.#position);
    this.#position = close < 0 ? this.#position + 1 : close + 1;
  }

  #readPrecision(): number | undefined {
    if (this.#format[this.#position] !== '.') return undefined;
    this.#position++;
    this.#readIndex();
    const isStar = this.#format[this.#position] === '*';
    const precision = this.#readSize('%!(BADPREC)');
    if (!isStar) return precision ?? 0;
    return precision !== undefined && precision < 0 ? this.#report('%!(BADPREC)') : precision;
  }

  /** A number as written, or the next argument for `*`. */
  #readSize(problem: string): number | undefined {
    if (this.#format[this.#position] === '*') {
      this.#position++;
      return this.#toSize(this.#args[this.#argument++], problem);
    }
    NUMBER.lastIndex = this.#position;
    const digits = NUMBER.exec(this.#format)?.[0];
    this.#position += digits?.length ?? 0;
    if (digits === undefined) return undefined;
    if (BigInt(digits) <= WIDEST_WRITTEN) return Number(digits);
    this.#position = this.#format.length;
    return undefined;
  }

  #toSize(value: TemplateValue, problem: string): number | undefined {
    const fits = typeof value === 'bigint' && value <= WIDEST_ARGUMENT && value >= -WIDEST_ARGUMENT;
    return fits ? Number(value) : this.#report(problem);
  }

  #report(problem: string): undefined {
    this.#problems += problem;
  }

  #readVerb(): string {
    const codePoint = this.#format.codePointAt(this.#position);
    const verb = codePoint === undefined ? '' : String.fromCodePoint(codePoint);
    this.#position += verb.length;
    return verb;
  }

  #takeArgument(directive: Directive): ParsedDirective {
    const { verb } = directive;
    const text = this.#problems;
    if (verb === '%') return { text: `${text}%` };
    if (this.#badIndex) return { text: `${text}%!${verb}(BADINDEX)` };
    if (this.#argument >= this.#args.length) return { text: `${text}%!${verb}(MISSING)` };
    return { text, request: { directive, value: this.#args[this.#argument++] } };
  }
}

// A negative width from `*` means left-justified; left-justified values are never padded with zeros.
function toWidth(width: number | undefined, flags: Flags) {
  const minus = flags.minus || (width ?? 0) < 0;
  return { minus, zero: flags.zero && !minus, width: width === undefined ? undefined : Math.abs(width) };
}
