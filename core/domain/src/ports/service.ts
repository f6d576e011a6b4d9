/** The one life cycle of everything that runs. Safe to stop twice or unstarted. */
export interface Service {
  readonly name: string;
  /** Resolves when the service is ready. The signal aborts a start that takes too long. */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}
