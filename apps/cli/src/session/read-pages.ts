/** The first so many of what is listed, and whether there are more. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** What is asked of one page. */
interface PageRequest {
  readonly pageSize: number;
  /** Empty for the first. */
  readonly pageToken: string;
}

interface Page<T> {
  readonly items: readonly T[];
  /** Empty after the last page. */
  readonly nextPageToken: string;
}

/** The most that servers put on one page. */
const MOST = 1000;

/** Reads page by page until there are `limit` and one more, which tells that they are not all. */
export async function readPages<T>(
  limit: number,
  readPage: (request: PageRequest) => Promise<Page<T>>,
): Promise<Listed<T>> {
  const found: T[] = [];
  const pageSize = Math.min(limit + 1, MOST);
  let pageToken = '';
  do {
    const { items, nextPageToken } = await readPage({ pageSize, pageToken });
    found.push(...items);
    pageToken = nextPageToken;
  } while (pageToken !== '' && found.length <= limit);
  return { items: found.slice(0, limit), hasMore: found.length > limit };
}
