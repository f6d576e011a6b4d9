/** One message of PostgreSQL's wire protocol. */
export interface WireMessage {
  /** Its letter; empty for the first message of a client, which has none. */
  readonly type: string;
  /** All of it, as it travels. */
  readonly bytes: Buffer;
}

/** Cuts what one side sends into messages. Source: PostgreSQL, "Message Formats". */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  #hasType: boolean;

  /** @param side `client`: its first message bears no letter */
  constructor(side: 'client' | 'server') {
    this.#hasType = side === 'server';
  }

  /** The messages that are whole with this piece. */
  push(piece: Buffer): readonly WireMessage[] {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const messages: WireMessage[] = [];
    for (let message = this.#take(); message; message = this.#take()) messages.push(message);
    return messages;
  }

  #take(): WireMessage | undefined {
    const typeLength = this.#hasType ? 1 : 0;
    if (this.#rest.length < typeLength + 4) return undefined;
    const length = typeLength + this.#rest.readUInt32BE(typeLength);
    if (this.#rest.length < length) return undefined;
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    const type = this.#hasType ? String.fromCharCode(bytes[0] ?? 0) : '';
    this.#hasType = true;
    return { type, bytes };
  }
}

/** The name of the prepared statement that a Bind message runs; empty for an unnamed one. */
export function toBoundStatement({ bytes }: WireMessage): string {
  const portalEnd = bytes.indexOf(0, 5);
  return bytes.toString('utf8', portalEnd + 1, bytes.indexOf(0, portalEnd + 1));
}

/** The text of a Query message. */
export function toQueryText({ bytes }: WireMessage): string {
  return bytes.toString('utf8', 5, bytes.length - 1);
}
