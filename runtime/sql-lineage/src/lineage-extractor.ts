import {
  type ChangeFeed,
  type ClaimedVersion,
  type JobStore,
  type LineageDeps,
  type LineageStore,
  type Log,
  type RecordedLineage,
  readLineageTexts,
  type Service,
  toLineageHash,
  toUnknownLineage,
  WorkLoop,
} from '@optimus/domain';
import { guessSourceTexts, listSourceUrns } from '@optimus/resolver';
import { LineageProcess, type LineageProcessOptions } from './analysis/lineage-process.ts';

/** What extracting lineage needs. */
export interface LineageExtractorOptions {
  readonly deps: Omit<LineageDeps, 'guessTexts'>;
  readonly jobs: JobStore;
  readonly lineages: LineageStore;
  readonly feed: ChangeFeed;
  /** Holder of the versions that are being worked on: the server that follows on this host goes on with them at once. */
  readonly hostId: string;
  readonly process?: LineageProcessOptions;
  readonly log: Log;
}

const VERSIONS_A_BATCH = 32;
/** How long others leave a batch alone. */
const LEASE_MS = 60_000;
/** A batch that takes longer is claimed again, for what is left of it. */
const BATCH_MS = 20_000;
/** The longest rest, as a last resort: whatever there is to do is announced. */
const LONGEST_REST_MS = 3_600_000;

/**
 * Computes the column lineage of versions that wait for it, a few at a time and upstreams first, on every server that finds some. It
 * sleeps until a deployment, or a change of what jobs read, is announced. The parser runs in a process of its own.
 */
export class LineageExtractor implements Service {
  readonly name = 'lineage-extractor';
  readonly #options: LineageExtractorOptions;
  readonly #deps: LineageDeps;
  readonly #loop: WorkLoop;
  readonly #process: LineageProcess;
  #unsubscribe: (() => void) | undefined;

  constructor(options: LineageExtractorOptions) {
    this.#options = options;
    this.#deps = { ...options.deps, guessTexts: guessSourceTexts };
    this.#loop = new WorkLoop((signal) => this.#turn(signal), options.log);
    this.#process = new LineageProcess(options.process);
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#options.feed.subscribe(({ topic }) => {
      if (topic === 'schedule_changed' || topic === 'lineage_changed' || topic === 'resync')
        this.#loop.wake();
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    const stopped = this.#loop.stop();
    this.#process.stop();
    await stopped;
    this.#process.stop();
  }

  async #turn(signal: AbortSignal): Promise<number> {
    const { lineages, hostId } = this.#options;
    const claimed = await lineages.claim({ holder: hostId, limit: VERSIONS_A_BATCH, leaseMs: LEASE_MS });
    const endAt = performance.now() + BATCH_MS;
    for (const version of claimed) {
      if (signal.aborted || performance.now() > endAt) return 0;
      await this.#extract(version, signal);
    }
    if (claimed.length > 0) return 0;
    const nextMs = await lineages.findNextClaimMs(hostId);
    return Math.min(Math.max(0, nextMs ?? LONGEST_REST_MS), LONGEST_REST_MS);
  }

  async #extract(version: ClaimedVersion, signal: AbortSignal): Promise<void> {
    const { jobs, lineages } = this.#options;
    const job = await jobs.findVersion(version.versionId);
    if (!job) return;
    const read = await readLineageTexts(this.#deps, job);
    if ('problem' in read) return lineages.record(toFailed(version, read.problem));
    const input = { ...read, known: await lineages.findColumns(listSourceUrns(read.texts)) };
    const inputHash = toLineageHash(input);
    const known = await lineages.findByInput(inputHash);
    const computed = known ? { lineage: known } : await this.#process.compute(input);
    // Stopped in the middle, the analysis has no answer; the version waits for the next server.
    if (signal.aborted) return;
    if ('lineage' in computed) return lineages.record({ version, inputHash, lineage: computed.lineage });
    this.#options.log.warn('the SQL of a job could not be analysed', {
      project: job.project,
      job: job.spec.name,
      reason: computed.failure,
    });
    await lineages.record(toFailed(version, computed.failure));
  }
}

/** What failed is remembered for its version alone: the same SQL may do better another time. */
function toFailed(version: ClaimedVersion, problem: string): RecordedLineage {
  const input = { texts: [], destination: `${version.versionId} ${problem}`, known: [] };
  return { version, inputHash: toLineageHash(input), lineage: toUnknownLineage(problem) };
}
