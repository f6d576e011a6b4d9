import { findZone } from '@optimus/domain/zone';
import { toRfc3339 } from '../context/to-rfc3339.ts';

/** An instant as runs see it: RFC 3339 by the clock of an IANA zone; in UTC when there is no such zone. */
export function toZonedText(at: Date, location = ''): string {
  return toRfc3339(at, findZone(location));
}
