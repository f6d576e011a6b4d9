import { type Log, maskError, maskText, type ResolveRequest, SecretPatterns } from '@optimus/domain';

/** More than the plugins of a server have secrets; the oldest are forgotten. */
const MOST_VALUES = 1000;

/** The secrets that plugins were told, so that nothing a plugin logs or answers of its failure brings them out. */
export class ToldSecrets {
  readonly #values = new Set<string>();
  #patterns = new SecretPatterns([]);

  /** Makes a call whose request may carry secrets. @throws OptimusError what the call throws, masked */
  async during<T>({ project }: ResolveRequest, call: () => Promise<T>): Promise<T> {
    for (const { value } of project.secrets ?? []) this.#add(value);
    try {
      return await call();
    } catch (thrown) {
      throw maskError(thrown, this.#patterns);
    }
  }

  /** The log without the secrets that have been told by the time of each entry. */
  maskLog(log: Log): Log {
    const mask = (value: unknown): unknown => this.#mask(value);
    const fieldsOf = (fields?: Readonly<Record<string, unknown>>) => (fields ? mapValues(fields, mask) : {});
    const text = (message: string): string => maskText(message, this.#patterns);
    return {
      debug: (message, fields) => log.debug(text(message), fieldsOf(fields)),
      info: (message, fields) => log.info(text(message), fieldsOf(fields)),
      warn: (message, fields) => log.warn(text(message), fieldsOf(fields)),
      error: (message, fields) => log.error(text(message), fieldsOf(fields)),
      child: (fields) => this.maskLog(log.child(fieldsOf(fields))),
    };
  }

  #add(value: string): void {
    if (this.#values.has(value)) return;
    this.#values.add(value);
    const [oldest] = this.#values;
    if (this.#values.size > MOST_VALUES && oldest !== undefined) this.#values.delete(oldest);
    this.#patterns = new SecretPatterns(this.#values);
  }

  #mask(value: unknown): unknown {
    if (typeof value === 'string') return maskText(value, this.#patterns);
    if (Array.isArray(value)) return value.map((item) => this.#mask(item));
    if (isPlain(value)) return mapValues(value, (member) => this.#mask(member));
    return value;
  }
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function mapValues(
  record: Readonly<Record<string, unknown>>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
