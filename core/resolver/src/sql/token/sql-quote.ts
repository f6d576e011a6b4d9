import type { DialectRules } from '../sql-dialect.ts';

/** What is known of a quote where it opens. */
export interface QuoteOpening {
  readonly rules: DialectRules;
  readonly kind: 'string' | 'name';
  /** The letters before the quote, in upper case. */
  readonly prefix: string;
}

/** Where the quoted text that begins here ends, behind its closing quote. */
export function findQuoteEnd(
  source: string,
  at: number,
  opening: QuoteOpening,
): { readonly end: number; readonly terminated: boolean } {
  const quote = source[at] ?? '';
  const { rules, kind } = opening;
  if (rules.bigQueryStrings && kind === 'string' && source.startsWith(quote.repeat(3), at))
    return closeQuote(source, at + 3, {
      quote: quote.repeat(3),
      backslash: true,
      doubled: false,
      lines: true,
    });
  return closeQuote(source, at + 1, {
    quote,
    backslash: keepsQuote(opening),
    doubled: !rules.bigQueryStrings,
    // A line break ends what BigQuery does not let span lines, so that one lost quote costs one line.
    lines: !rules.bigQueryStrings,
  });
}

/** The name that a token stands for, quoted or not. */
export function unquoteName(text: string): string {
  const quote = text[0] ?? '';
  if (quote !== '`' && quote !== '"') return text;
  const inner = text.endsWith(quote) && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  if (inner.includes(quote)) return inner.replaceAll(quote + quote, quote);
  return quote === '`' ? inner.replaceAll('\\`', '`') : inner;
}

function keepsQuote({ rules, kind, prefix }: QuoteOpening): boolean {
  if (kind === 'name') return rules.bigQueryStrings;
  if (rules.backslash === 'prefix') return prefix === 'E';
  return rules.backslash === 'always' && (rules.bigQueryStrings || prefix !== 'R');
}

interface Closing {
  readonly quote: string;
  readonly backslash: boolean;
  readonly doubled: boolean;
  readonly lines: boolean;
}

function closeQuote(source: string, from: number, { quote, backslash, doubled, lines }: Closing) {
  const first = quote.charCodeAt(0);
  for (let at = from; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 92 && backslash) at += 1;
    else if (code === 10 && !lines) return { end: at, terminated: false };
    else if (code === first && (quote.length === 1 || source.startsWith(quote, at))) {
      if (doubled && source.charCodeAt(at + 1) === first) at += 1;
      else return { end: at + quote.length, terminated: true };
    }
  }
  return { end: source.length, terminated: false };
}
