import { OptimusError } from '@optimus/domain';

/** The most that one page of runs holds. */
export const MAX_PAGE_SIZE = 1_000;
const DEFAULT_PAGE_SIZE = 50;

/** The size of a page of runs; 0 leaves it to the server. @throws OptimusError `REQUEST_INVALID` */
export function toPageSize(size: number): number {
  if (size === 0) return DEFAULT_PAGE_SIZE;
  if (size > 0 && size <= MAX_PAGE_SIZE) return size;
  throw new OptimusError('REQUEST_INVALID', {
    message: `page_size is ${size}, must be 1 to ${MAX_PAGE_SIZE}`,
    fields: { field: 'page_size' },
  });
}
