import { readFile } from 'node:fs/promises';

/** What a task noted of itself: what really ran, whatever the database says. Times are those of this machine, in ms. */
export interface Sighting {
  readonly attemptId: string;
  readonly job: string;
  readonly scheduledAt: string;
  /** `task/witness`, `hook/audit`. */
  readonly instance: string;
  /** Which deployment its configuration is of. */
  readonly mark: string;
  /** Folder of the server that started it. */
  readonly home: string;
  /** One for each time that the attempt started: more than one is one too many. */
  readonly starts: readonly number[];
  /** When it was last seen alive. */
  readonly lastSeenAt: number;
  /** Beats, in all. */
  readonly beats: number;
  readonly end: { readonly at: number; readonly exitCode: number } | undefined;
}

/** Reads the witness file, one sighting for each attempt, in the order of their starts. */
export async function readWitness(file: string): Promise<readonly Sighting[]> {
  return parseWitness(await readFile(file, 'utf8').catch(() => ''));
}

/** As {@link readWitness}. A line that a full disk or a killed task cut off counts for nothing. */
export function parseWitness(text: string): readonly Sighting[] {
  const sightings = new Map<string, Sighting>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [
      time = '',
      attemptId = '',
      job = '',
      scheduledAt = '',
      instance = '',
      mark = '',
      home = '',
      what,
      code,
    ] = line.split(' ');
    if (what === undefined) continue;
    const key = `${home} ${attemptId}`;
    const before = sightings.get(key) ?? {
      attemptId,
      job,
      scheduledAt,
      instance,
      mark,
      home,
      starts: [],
      lastSeenAt: 0,
      beats: 0,
      end: undefined,
    };
    sightings.set(key, note(before, { at: Number(time), what, code: Number(code) }));
  }
  return [...sightings.values()].sort((a, b) => (a.starts[0] ?? 0) - (b.starts[0] ?? 0));
}

function note(
  sighting: Sighting,
  { at, what, code }: { readonly at: number; readonly what: string; readonly code: number },
): Sighting {
  return {
    ...sighting,
    lastSeenAt: Math.max(at, sighting.lastSeenAt),
    starts: what === 'start' ? [...sighting.starts, at] : sighting.starts,
    beats: sighting.beats + (what === 'beat' ? 1 : 0),
    end: what === 'end' ? { at, exitCode: code } : sighting.end,
  };
}
