/**
 * What went wrong, in gRPC's own terms; the number is what travels.
 * `UNKNOWN` is what a Go plugin's plain error looks like on the wire.
 */
export const pluginErrorCodes = {
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

export type PluginErrorCode = keyof typeof pluginErrorCodes;

/**
 * The one error class of the SDK. Throw it from a handler to choose the code the host sees; any other thrown
 * value reaches the host as `UNKNOWN` with its message.
 */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  readonly code: PluginErrorCode;

  constructor(message: string, options: { readonly code?: PluginErrorCode; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code ?? 'UNKNOWN';
  }
}

/** The text of any thrown value, for a log line or a status. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
