import { ERROR_KINDS, type ErrorCode, type ErrorKind } from './error-code.ts';

/** What a failure says beyond its code. */
export interface OptimusErrorDetail {
  /** One sentence that names the place, the value and the attempt. */
  readonly message: string;
  /** What the reader does next, as one imperative sentence. */
  readonly hint?: string;
  /** The noun and ids concerned, e.g. `{ project: 'p', job: 'j' }`. Never holds a secret value. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The one error class of the system. Transports map {@link kind}; people read the message and the hint. */
export class OptimusError extends Error {
  override readonly name = 'OptimusError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly fields: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, detail: OptimusErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.kind = ERROR_KINDS[code];
    this.hint = detail.hint;
    this.fields = detail.fields ?? {};
  }
}

/** The message of anything thrown, for logs and wrapped errors. */
export function toErrorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
