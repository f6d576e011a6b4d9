/** A GET. Headers are sent to the address's own host alone: a redirect elsewhere goes without them. */
export interface HttpGet {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The whole of it, redirects and body included. */
  readonly timeoutMs: number;
  /** How much of the body is read; 0: nothing. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal;
}

/** What was answered. */
export interface HttpAnswer {
  readonly status: number;
  /** Undefined when it is longer than was asked for, or nothing was. */
  readonly body: string | undefined;
}

/** Asks other servers over HTTP. */
export interface HttpClient {
  /** @throws OptimusError `SERVER_UNREACHABLE` without an answer, in words that may quote the address */
  get(request: HttpGet): Promise<HttpAnswer>;
}
