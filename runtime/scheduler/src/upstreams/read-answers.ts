import type { OtherJob, OtherRun, WindowPreset, WindowSpec } from '@optimus/domain';

// The answers of other servers, which may be older or newer than this one: what is not there is empty.

type Fields = Readonly<Record<string, unknown>>;

/** The jobs of `GET /jobs`. */
export function readJobs(answer: unknown): readonly Omit<OtherJob, 'server'>[] {
  return listOf(answer, 'jobSpecificationResponses').map((response) => {
    const job = fieldsOf(response['job']);
    return {
      project: textOf(response, 'projectName'),
      job: textOf(job, 'name'),
      spec: {
        version: Number(job['version'] ?? 1),
        schedule: {
          startDate: textOf(job, 'startDate'),
          interval: textOf(job, 'interval'),
          ...given({ endDate: textOf(job, 'endDate'), timezone: textOf(job, 'timezone') }),
        },
        task: { name: textOf(job, 'taskName'), config: [], window: readWindow(job) },
      },
    };
  });
}

/** The states of `GET …/run`. */
export function readRuns(answer: unknown): readonly OtherRun[] {
  return listOf(answer, 'jobRuns').map((run) => ({
    scheduledAt: new Date(textOf(run, 'scheduledAt')),
    state: textOf(run, 'state'),
  }));
}

/** The presets of `GET /project/…`. */
export function readPresets(answer: unknown): Readonly<Record<string, WindowPreset>> {
  const presets = fieldsOf(fieldsOf(fieldsOf(answer)['project'])['presets']);
  return Object.fromEntries(
    Object.entries(presets).map(([name, preset]) => {
      const fields = fieldsOf(preset);
      const shiftBy = textOf(fields, 'shiftBy') || textOf(fields, 'offset');
      const parts = given({ shiftBy, location: textOf(fields, 'location') });
      return [name, { size: textOf(fields, 'size'), truncateTo: textOf(fields, 'truncateTo'), ...parts }];
    }),
  );
}

/** As the window of a specification is told: by `window`, or by the older fields. */
function readWindow(job: Fields): WindowSpec {
  const offset = textOf(job, 'windowOffset');
  const window = job['window'] ? fieldsOf(job['window']) : undefined;
  const toPreset = (name: string): string => name.replace(/^@/, '').toLowerCase();
  if (!window) {
    const preset = toPreset(textOf(job, 'windowPreset'));
    const [size, truncateTo] = [textOf(job, 'windowSize'), textOf(job, 'windowTruncateTo')];
    return { size, offset, truncateTo, ...given({ preset }) };
  }
  return {
    size: textOf(window, 'size'),
    offset,
    truncateTo: textOf(window, 'truncateTo'),
    ...given({
      preset: toPreset(textOf(window, 'preset')),
      shiftBy: textOf(window, 'shiftBy'),
      location: textOf(window, 'location'),
    }),
  };
}

function given<T extends Readonly<Record<string, string>>>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== '')) as Partial<T>;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown, name: string): readonly Fields[] {
  const list = fieldsOf(value)[name];
  return Array.isArray(list) ? list.map(fieldsOf) : [];
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}
