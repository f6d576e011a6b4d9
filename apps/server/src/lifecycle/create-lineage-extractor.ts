import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CompileRunContext, ComputeWindow, Log, PluginCatalog } from '@optimus/domain';
import { LineageExtractor } from '@optimus/sql-lineage';
import type { Store } from '@optimus/store';

/** What the extractor shares with the rest of the server. */
export interface ExtractorParts {
  readonly store: Store;
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly compileRunContext: CompileRunContext;
}

/** Where the extractor runs. */
export interface ExtractorPlace {
  readonly hostId: string;
  /** Folder of the command, beside which its programs lie; a server that runs from its sources has the analysis there. */
  readonly programs: string;
  readonly log: Log;
}

/** The service that computes column lineage. */
export function createLineageExtractor(
  { store, ...parts }: ExtractorParts,
  { hostId, programs, log }: ExtractorPlace,
): LineageExtractor {
  const program = join(programs, 'lineage-analysis.mjs');
  return new LineageExtractor({
    deps: { ...store, ...parts },
    jobs: store.jobs,
    lineages: store.lineages,
    feed: store.changes,
    hostId,
    process: existsSync(program) ? { program } : {},
    log: log.child({ service: 'lineage-extractor' }),
  });
}
