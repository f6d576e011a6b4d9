import type { JobSpec } from '@optimus/domain';

/** About how much memory the kept specifications may take: one with a template of the largest size, or thousands of usual ones. */
const MOST_BYTES = 128 * 1024 * 1024;

const BYTES_PER_CHARACTER = 2;
/** The compiler keeps the parsed templates of a specification as long as the specification: up to 20 bytes a character, as measured. */
const BYTES_PER_TEMPLATE_CHARACTER = 22;

/**
 * Specifications by version id. A version never changes, so nothing has to be told when a job is deployed anew; those that were not
 * asked for the longest time go first.
 */
export class VersionCache {
  readonly #mostBytes: number;
  readonly #specs = new Map<string, { readonly spec: JobSpec; readonly bytes: number }>();
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  find(versionId: string): JobSpec | undefined {
    const found = this.#specs.get(versionId);
    if (!found) return undefined;
    // Put last again: the first of a map is the one that was not asked for the longest.
    this.#specs.delete(versionId);
    this.#specs.set(versionId, found);
    return found.spec;
  }

  keep(versionId: string, spec: JobSpec): void {
    const bytes = measure(spec);
    if (bytes > this.#mostBytes || this.#specs.has(versionId)) return;
    this.#specs.set(versionId, { spec, bytes });
    this.#bytes += bytes;
    for (const [id, oldest] of this.#specs) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#specs.delete(id);
      this.#bytes -= oldest.bytes;
    }
  }
}

function measure(spec: JobSpec): number {
  const text = JSON.stringify(spec);
  return text.length * (text.includes('{{') ? BYTES_PER_TEMPLATE_CHARACTER : BYTES_PER_CHARACTER);
}
