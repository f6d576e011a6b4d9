/** Reads a text from left to right. Every method answers undefined, and leaves the cursor where it is, when the text differs. */
export class TextCursor {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get rest(): string {
    return this.#text.slice(this.#position);
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Takes what a sticky pattern matches here. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#position += match[0].length;
    return match;
  }

  /** Takes a text as Go's layouts compare it: one space or more stand for any number, none too. */
  takeText(expected: string): boolean {
    for (const [word, spaces] of expected.matchAll(/( +)|[^ ]+/g)) {
      if (spaces !== undefined) {
        if (!this.isAtEnd && this.#text[this.#position] !== ' ') return false;
        this.take(/ */y);
      } else if (this.#text.startsWith(word, this.#position)) this.#position += word.length;
      else return false;
    }
    return true;
  }
}
