/** Whether what is read is a wildcard: `bigquery://project:dataset.events_*`, every table whose name begins so. */
export function isWildcard(urn: string): boolean {
  return urn.endsWith('*');
}

/** Whether a job that writes `destination` makes what `source` reads. A source may be a wildcard. */
export function isResourceMatch(source: string, destination: string): boolean {
  return isWildcard(source) ? destination.startsWith(source.slice(0, -1)) : destination === source;
}

/** Every wildcard that could be among what is read of these: one for each way in which a name begins, each once. */
export function listWildcards(urns: readonly string[]): readonly string[] {
  const wildcards = new Set<string>();
  for (const urn of urns) {
    const start = urn.indexOf('://') + '://'.length;
    for (let end = urn.length; end > start; end--) {
      const wildcard = `${urn.slice(0, end)}*`;
      // Who shares a beginning shares all that are shorter.
      if (wildcards.has(wildcard)) break;
      wildcards.add(wildcard);
    }
  }
  return [...wildcards];
}
