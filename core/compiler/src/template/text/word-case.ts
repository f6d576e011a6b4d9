import { toLower, toUpper } from '../text.ts';

// Words as Go's xstrings finds them: capitals before a small letter leave their last one to it, "HTTPServer" is HTTP and Server.
const WORD =
  /(?<connector>[\-_\t-\r \u0085\p{Z}]+)|(?<punctuation>[\p{P}--[\-_]]\p{P}*)|(?<upper>\p{Lu}\p{Lu}+(?![\p{L}--\p{Lu}])|\p{Lu}[\p{L}--\p{Lu}]*)|(?<alphabet>[\p{L}--\p{Lu}]+)|(?<number>\p{N}+)|(?<other>[^\-_\t-\r \u0085\p{Z}\p{P}\p{L}\p{N}]+)/gv;

type WordKind = 'connector' | 'punctuation' | 'upper' | 'alphabet' | 'number' | 'other' | 'end';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

const KINDS: readonly WordKind[] = ['connector', 'punctuation', 'upper', 'alphabet', 'number', 'other'];

function toWords(value: string): readonly Word[] {
  return Array.from(value.matchAll(WORD), ({ 0: text, groups = {} }) => ({
    kind: KINDS.find((kind) => groups[kind] !== undefined) ?? 'other',
    text,
  }));
}

/** `HTTPServer` as `http_server`: small letters, words joined by the delimiter, a number kept with the word before it. */
export function toDelimitedCase(value: string, delimiter: string): string {
  const joiner = new WordJoiner(toWords(value), delimiter);
  return joiner.join();
}

const END: Word = { kind: 'end', text: '' };

/** Joins the words of one text. */
class WordJoiner {
  readonly #words: readonly Word[];
  readonly #delimiter: string;
  #index = 0;
  #output = '';

  constructor(words: readonly Word[], delimiter: string) {
    this.#words = words;
    this.#delimiter = delimiter;
  }

  join(): string {
    while (this.#index < this.#words.length - 1) this.#joinNext();
    this.#write();
    return this.#output;
  }

  get #word(): Word {
    return this.#words[this.#index] ?? END;
  }

  /** Writes the word and goes to the next one. */
  #write(): void {
    const { kind, text } = this.#word;
    if (kind === 'connector') this.#output += this.#delimiter.repeat([...text].length);
    else this.#output += toLower(text);
    this.#index++;
  }

  #joinNext(): void {
    const { kind } = this.#word;
    this.#write();
    if (kind === 'connector' || kind === 'punctuation') return;
    if (kind === 'number') {
      this.#writeWhole();
      this.#delimitUnless('punctuation', 'connector', 'end');
    } else if (this.#word.kind !== 'number') this.#delimitUnless('connector', 'punctuation');
    else if (this.#index < this.#words.length - 1) this.#joinNumber();
  }

  // A number ends the word before it ("Bld4Floor"), unless small letters follow it ("HTTP2xx").
  #joinNumber(): void {
    if (this.#words[this.#index + 1]?.kind !== 'alphabet') {
      this.#write();
      this.#delimitUnless('connector', 'punctuation');
      return;
    }
    this.#output += this.#delimiter;
    this.#write();
    this.#writeWhole();
    this.#delimitUnless('end', 'connector', 'punctuation');
  }

  #writeWhole(): void {
    while (this.#word.kind === 'alphabet' || this.#word.kind === 'number') this.#write();
  }

  #delimitUnless(...kinds: readonly WordKind[]): void {
    if (!kinds.includes(this.#word.kind)) this.#output += this.#delimiter;
  }
}

const CONNECTOR = /[-_\t-\r \u0085\p{Z}]/u;

/** `http_server` as `HttpServer`: each connector goes and the letter after it is a capital; connectors beyond one stay. */
export function toPascalCase(value: string): string {
  const lead = value.match(/^[-_\t-\r \u0085\p{Z}]*/u)?.[0] ?? '';
  const [first, ...others] = value.slice(lead.length);
  if (first === undefined) return lead === '' ? '' : lead + (lead.at(-1) ?? '');
  let output = lead;
  let followsCapital = isCapital(first);
  let before = toUpper(first);
  for (const given of others) {
    let character = given;
    if (!(CONNECTOR.test(character) && CONNECTOR.test(before))) {
      if (CONNECTOR.test(before)) {
        followsCapital = isCapital(character);
        character = toUpper(character);
        before = '';
      } else if (followsCapital) {
        if (isCapital(character)) character = toLower(character);
        else followsCapital = false;
      }
    }
    output += before;
    before = character;
  }
  return output + before;
}

function isCapital(character: string): boolean {
  return /\p{Lu}/u.test(character);
}
