export { formatOffset } from './format-offset.ts';
export type { OffsetSegment } from './offset-segments.ts';
export { fromWallMs, toFirstInstantMs, toWall } from './wall-clock.ts';
export { findZone, toFixedZone, UTC, type Zone } from './zone.ts';
