import { join } from 'node:path';
import { type HookSpec, type JobSpec, type RunDetail } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** A job of one run whose task and hooks note their name, and then do the rest. */
async function deploy(
  rests: Readonly<Record<string, string>>,
  overrides: Partial<JobSpec> = {},
): Promise<void> {
  const { neo: task = '', ...hooks } = rests;
  const toConfig = (rest: string) => [
    { name: 'SCRIPT', value: `echo "$INSTANCE_NAME" >> ${join(fixture.dataDir, 'trace')}; ${rest}` },
  ];
  const named = Object.entries(hooks).map(([name, rest]) => ({ name, config: toConfig(rest) }));
  await fixture.deployOne('', {
    task: { ...makeJobSpec().task, config: toConfig(task) },
    hooks: named,
    ...overrides,
  });
}

function toStates({ instances }: RunDetail): Readonly<Record<string, string>> {
  return Object.fromEntries(instances.map(({ name, state }) => [name, state]));
}

/** A job whose hook `audit` has the condition. */
async function deployWhen(when: string, config: HookSpec['config'] = []): Promise<void> {
  const trace = join(fixture.dataDir, 'trace');
  const toScript = (name: string) => ({ name: 'SCRIPT', value: `echo ${name} >> ${trace}` });
  const task = { ...makeJobSpec().task, config: [{ name: 'PART', value: 'eu' }, toScript('neo')] };
  const hooks = [
    { name: 'audit', when, config: [...config, toScript('audit')] },
    { name: 'publish', config: [toScript('publish')] },
  ];
  await fixture.deployOne('', { task, hooks });
}

async function runOnce(): Promise<RunDetail> {
  await fixture.startServer();
  const [run] = await fixture.waitForEnd(1);
  if (run) return run;
  throw new TypeError('there is no run');
}

describe('a run with hooks', () => {
  it('runs its pre hooks before its task, its post hooks after it in their order, and no fail hook', async () => {
    await deploy({ publish: '', alarm: '', audit: '', check: '', neo: '' });
    const run = await runOnce();
    expect(fixture.trace()).toEqual(['check', 'neo', 'audit', 'publish']);
    expect(run.state).toBe('success');
    expect(toStates(run)).toEqual({
      check: 'success',
      neo: 'success',
      audit: 'success',
      publish: 'success',
      alarm: 'skipped',
    });
  });

  it('runs hooks side by side that do not depend on each other', async () => {
    const own = (name: string): string => join(fixture.dataDir, name);
    // Each waits for the other to have begun.
    const meet = (mine: string, other: string): string =>
      `mkdir ${own(mine)}; while [ ! -e ${own(other)} ]; do sleep 0.02; done`;
    await deploy({ check: meet('a', 'b'), probe: meet('b', 'a'), neo: '' });
    expect((await runOnce()).state).toBe('success');
    expect(fixture.trace()[2]).toBe('neo');
  });

  it('skips its task and post hooks when a pre hook fails, and runs its fail hooks', async () => {
    await deploy({ check: 'exit 3', neo: '', audit: '', alarm: '' });
    const run = await runOnce();
    expect(fixture.trace()).toEqual(['check', 'alarm']);
    expect(run).toMatchObject({ state: 'failed', message: 'pre hook "check" exited with code 3' });
    expect(toStates(run)).toEqual({ check: 'failed', neo: 'skipped', audit: 'skipped', alarm: 'success' });
  });

  it('fails when a post hook fails, whatever its task did', async () => {
    await deploy({ neo: '', audit: 'exit 4', publish: '', alarm: '' });
    const run = await runOnce();
    expect(fixture.trace()).toEqual(['neo', 'audit', 'alarm']);
    expect(run).toMatchObject({ state: 'failed', message: 'post hook "audit" exited with code 4' });
    expect(toStates(run)).toEqual({ neo: 'success', audit: 'failed', publish: 'skipped', alarm: 'success' });
  });

  it('keeps the reason of its failure when a fail hook fails too', async () => {
    await deploy({ neo: 'exit 2', alarm: 'exit 9' });
    expect(await runOnce()).toMatchObject({ state: 'failed', message: 'exited with code 2' });
  });

  it('tries each instance again on its own', async () => {
    const once = join(fixture.dataDir, 'once');
    const { behavior } = makeJobSpec();
    const retry = { count: 1, delayMs: 10, exponentialBackoff: false };
    await deploy({ check: `mkdir ${once} || exit 0; exit 1`, neo: '' }, { behavior: { ...behavior, retry } });
    const run = await runOnce();
    expect(run.state).toBe('success');
    expect(run.instances.map(({ name, attempts }) => [name, attempts.length])).toEqual([
      ['check', 2],
      ['neo', 1],
    ]);
  });

  it("gives a hook a context of its own, with its task's configuration", async () => {
    const seen = join(fixture.dataDir, 'seen');
    const script = `echo "$INSTANCE_TYPE $INSTANCE_NAME $OWN $JOB_NAME" > ${seen}`;
    const task = {
      ...makeJobSpec().task,
      config: [
        { name: 'TABLE', value: 'p.d.{{.DSTART | Date}}' },
        { name: 'SCRIPT', value: '' },
      ],
    };
    const hooks = [
      {
        name: 'audit',
        config: [
          { name: 'OWN', value: '{{.TASK__TABLE}}={{.task.TABLE}}' },
          {
            name: 'SCRIPT',
            value: `${script}; grep -q 'hook audit p.d.2022-09-18=p.d.2022-09-18 near-earth-objects' ${seen}`,
          },
        ],
      },
    ];
    await fixture.deployOne('', { task, hooks });
    expect((await runOnce()).state).toBe('success');
  });
});

describe('a hook with a condition', () => {
  it.each(['{{ eq .task.PART "us" }}', '{{ if eq .TASK__PART "us" }}yes{{ end }}', ' NO ', '{{ 0 }}'])(
    'is skipped without a process when the condition is %s, and the run goes on',
    async (when) => {
      await deployWhen(when);
      const run = await runOnce();
      expect(fixture.trace()).toEqual(['neo', 'publish']);
      expect(run.state).toBe('success');
      expect(toStates(run)).toEqual({ neo: 'success', audit: 'skipped', publish: 'success' });
    },
  );

  it.each(['{{ eq .task.PART "eu" }}', '{{ .DSTART | Date }}', '00'])(
    'runs when the condition is %s',
    async (when) => {
      await deployWhen(when);
      expect(toStates(await runOnce())).toEqual({ neo: 'success', audit: 'success', publish: 'success' });
      expect(fixture.trace()).toEqual(['neo', 'audit', 'publish']);
    },
  );

  it('says why it was skipped', async () => {
    await deployWhen('{{ eq .task.PART "us" }}');
    const run = await runOnce();
    const audit = run.instances.find(({ name }) => name === 'audit');
    expect(audit?.attempts).toMatchObject([
      { state: 'canceled', message: 'the "when" of hook audit is false' },
    ]);
  });

  it('fails when the condition cannot be rendered, like any template of it', async () => {
    await deployWhen('{{ fail "no verdict" }}');
    const run = await runOnce();
    expect(fixture.trace()).toEqual(['neo']);
    expect(run.state).toBe('failed');
    expect(run.message).toContain('no verdict');
    expect(toStates(run)).toEqual({ neo: 'success', audit: 'failed', publish: 'skipped' });
  });
});
