import { createAdviser, parseJobName, parseProjectName } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../testing/list-commands.ts';

const commands = await listCommands();
const run = {
  project: parseProjectName('space'),
  job: parseJobName('near-earth-objects'),
  scheduledAt: new Date('2022-09-19T02:00:00Z'),
};
const advisers = ['space', 'another'].map((project) => createAdviser(project));
const advised = advisers.flatMap((adviser) => [
  adviser.rerun(run),
  adviser.rerunNewest(run, ''),
  adviser.markSuccess(run),
  adviser.cancel(run, ''),
  adviser.logs(run, 'neo'),
  adviser.followLogs(run, 'neo'),
  adviser.why(run, ''),
  adviser.resume(run),
  adviser.runNow(run),
  adviser.inspect(run, ''),
  adviser.history(run, ''),
  adviser.render(run),
  adviser.describeNamespace('sky'),
  adviser.listActive(''),
  adviser.listJobs(),
  adviser.listPlugins(),
  adviser.deploy(''),
  adviser.deployAgain(),
  adviser.serve(),
]);
const lines = [...new Set(advised.map(({ command }) => command))];

describe('what an explanation advises', () => {
  it('is all that it can', () => {
    expect(advised).toHaveLength(advisers.length * Object.keys(advisers[0] ?? {}).length);
  });

  it.each(lines)('can be typed: %s', (line) => {
    const found = commands.find(({ words }) => `${line} `.startsWith(`optimus ${words} `));
    const rest = line.slice(`optimus ${found?.words} `.length).split(' ').filter(Boolean);
    const given = rest.filter((word) => word.startsWith('--'));
    const known = found?.spec.flags.flatMap(({ flags }) => flags.split(/[\s,]+/)) ?? [];
    expect(known).toEqual(expect.arrayContaining(given));
    expect(rest[0]?.startsWith('--') ?? true).toBe(found?.spec.arguments === undefined);
  });
});
