import type { FeedRecording } from '../feed/feed-recording.ts';
import type { NeoCounts } from './neo-log.ts';

/** Counts straight from the recording, each day once: `start` inclusive, `end` exclusive, both `YYYY-MM-DD`. */
export function countRecorded(
  recording: FeedRecording,
  { start, end }: { readonly start: string; readonly end: string },
): NeoCounts {
  const days = Object.entries(recording.near_earth_objects).filter(([day]) => day >= start && day < end);
  const objects = days.flatMap(([, onDay]) => onDay);
  const hazardous = objects.filter((object) => object.is_potentially_hazardous_asteroid);
  return { tracked: objects.length, hazardous: hazardous.length };
}
