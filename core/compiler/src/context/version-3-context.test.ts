import { describe, expect, it } from 'vitest';
import { compileRunContext } from './compile-run-context.ts';
import { createInput } from './context-fixtures.ts';

const jakarta = {
  window: {
    start: new Date('2023-11-29T03:00:00Z'),
    end: new Date('2023-11-30T03:00:00Z'),
    location: 'Asia/Jakarta',
  },
  scheduledAt: new Date('2023-12-01T03:00:00Z'),
};

function envsOf(version: number) {
  return compileRunContext(createInput(jakarta, { version })).envs;
}

describe('the context of a version 3 job', () => {
  it('writes its window in the zone of its location, as the documentation has it', () => {
    expect(envsOf(3)).toMatchObject({
      DSTART: '2023-11-29T10:00:00+07:00',
      DEND: '2023-11-30T10:00:00+07:00',
      START_DATE: '2023-11-29',
      END_DATE: '2023-11-30',
      SCHEDULE_TIME: '2023-12-01T03:00:00Z',
      SCHEDULE_DATE: '2023-12-01',
      RANGE_END: '2023-11-30',
    });
  });

  it('takes the day of the zone, not that of UTC', () => {
    const window = {
      start: new Date('2023-11-28T17:00:00Z'),
      end: new Date('2023-11-29T17:00:00Z'),
      location: 'Asia/Jakarta',
    };
    const { envs } = compileRunContext(createInput({ window }, { version: 3 }));
    expect(envs).toMatchObject({ START_DATE: '2023-11-29', END_DATE: '2023-11-30' });
  });

  it('alone has these variables', () => {
    expect(Object.keys(envsOf(2))).not.toContain('START_DATE');
  });
});

describe('now', () => {
  const task = (value: string) => ({
    task: { name: 'neo', config: [{ name: 'A', value }], window: { size: '', offset: '', truncateTo: '' } },
  });

  it("is the run's execution time, in configuration and assets, however often it is compiled", () => {
    const input = createInput(
      { assets: { 'q.sql': '{{now | date "15:04:05.000"}}' } },
      task('{{now | unixEpoch}}'),
    );
    const first = compileRunContext(input);
    expect(first.envs['A']).toBe('1663552803');
    expect(first.files['q.sql']).toBe('02:00:03.250');
    expect(compileRunContext(input)).toEqual(first);
  });

  it('cannot be changed by a template, and neither can anything else of the input', () => {
    const input = createInput(
      {},
      task('{{$_ := set .proj "REGION" "moon"}}{{$_ := set .secret "x" "y"}}{{.proj.REGION}}'),
    );
    const before = structuredClone({ project: input.project, secrets: input.secrets });
    expect(compileRunContext(input).envs['A']).toBe('moon');
    expect({ project: input.project, secrets: input.secrets }).toEqual(before);
  });
});
