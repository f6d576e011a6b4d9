import { readFile } from 'node:fs/promises';

/** One object that passes the Earth, with the fields that are read here; the recording holds more. */
export interface NearEarthObject {
  readonly name: string;
  readonly is_potentially_hazardous_asteroid: boolean;
}

/** A day, `YYYY-MM-DD`, to the objects that pass on it. */
export type ObjectsByDay = Readonly<Record<string, readonly NearEarthObject[]>>;

/** NASA's answer for 2022-09-18 to 2022-09-25, as it came over the wire. */
export interface FeedRecording {
  readonly near_earth_objects: ObjectsByDay;
}

const recordedWeek = new URL('../feed-2022-09-18_2022-09-25.json', import.meta.url);

/** Reads the recorded week that lies beside the example. */
export async function readRecording(): Promise<FeedRecording> {
  return JSON.parse(await readFile(recordedWeek, 'utf8')) as FeedRecording;
}
