import { createRandom } from '@optimus/spec/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BREAKAGES, breakJobs, clearBroken } from './deploy/break-job.ts';
import { awaitEnd, CHANGE_STAGES, FaultStage } from './deploy/fault-stage.ts';

/** Repositories that are broken at random; more of them with OPTIMUS_FAULT_REPOSITORIES=200. */
const REPOSITORIES = Number(process.env['OPTIMUS_FAULT_REPOSITORIES'] ?? 6);
/** Two commands: one that makes the repository whole again, one that meets it broken. */
const MOST_A_REPOSITORY_MS = 5_000;

let stage: FaultStage;
/** What the server holds when a state is deployed. */
let one: string;
let other: string;
/** The one of them that a test finds, and the one that it deploys. */
let before: string;
let after: string;

beforeAll(async () => {
  stage = await FaultStage.set();
  other = await deployState('other');
  one = await deployState('one');
});

afterAll(() => stage.clear());

async function deployState(state: 'one' | 'other'): Promise<string> {
  await stage.states.write(state);
  const { code, stderr } = await stage.optimus('deploy', '--force');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stage.readState();
}

function toWord(state: string): 'old' | 'new' | 'half' {
  if (state === after) return 'new';
  return state === before ? 'old' : 'half';
}

const DONE = { code: 0, stderr: '', afterwards: 'new' };
const WHOLE = { ...DONE, found: expect.stringMatching(/^(old|new)$/) };
const UNCHANGED = { ...DONE, found: 'old' };

describe.each([
  ['a deployment', ['deploy', '--force']],
  ['the making of a plan', ['apply', 'plan.json']],
])('%s', (_what, command) => {
  /** Bytes that the command sends. */
  let sentBytes: number;

  /** What the server holds, and what it holds after another try. */
  async function tryAgain() {
    const found = toWord(await stage.readState());
    const { code, stderr } = await stage.optimus(...command);
    return { found, code, stderr, afterwards: toWord(await stage.readState()) };
  }

  // There and back again: what one test has deployed, the next one deploys over.
  async function turnRound(): Promise<void> {
    before = await stage.readState();
    after = before === other ? one : other;
    await stage.states.write(before === other ? 'one' : 'other');
    expect((await stage.optimus('plan', '--force', '-o', 'plan.json')).code).toBe(2);
  }

  beforeAll(async () => {
    await turnRound();
    stage.proxy.act(Number.POSITIVE_INFINITY, () => undefined);
    await awaitEnd(stage.start(...command));
    sentBytes = stage.proxy.sentBytes();
  });

  beforeEach(turnRound);

  describe('whose client is killed', () => {
    it.each([0.02, 0.6, 1])('after %d of what it sends is done whole or not at all', async (part) => {
      stage.proxy.act(part * sentBytes, () => running.kill('SIGKILL'));
      const running = stage.start(...command);
      await awaitEnd(running);
      expect(await tryAgain()).toEqual(WHOLE);
    });

    it.each(CHANGE_STAGES)('while the server writes %s is done whole or not at all', async (table) => {
      const held = await stage.holdTable(table);
      const running = stage.start(...command);
      await held.waiting();
      running.kill('SIGKILL');
      await awaitEnd(running);
      await held.release();
      expect(await tryAgain()).toEqual(WHOLE);
    });
  });

  describe('whose server is killed', () => {
    it('in the middle of the stream changes nothing', async () => {
      stage.proxy.act(sentBytes / 2, () => void stage.killServer());
      expect(await awaitEnd(stage.start(...command))).toBe(false);
      await stage.startServer();
      expect(await tryAgain()).toEqual(UNCHANGED);
    });

    it.each(CHANGE_STAGES)('while it writes %s changes nothing', async (table) => {
      const held = await stage.holdTable(table);
      const running = stage.start(...command);
      await held.waiting();
      await stage.killServer();
      expect(await awaitEnd(running)).toBe(false);
      await held.release();
      await stage.startServer();
      expect(await tryAgain()).toEqual(UNCHANGED);
    });
  });

  describe('whose database', () => {
    it('connection is ended while it writes job_version changes nothing, and says why', async () => {
      const held = await stage.holdTable('job_version');
      const running = stage.optimus(...command);
      await held.waiting();
      await held.terminate();
      await held.release();
      const { code, stderr } = await running;
      expect(code).toBe(1);
      expect(stderr).toContain('the database cannot be reached');
      expect(await tryAgain()).toEqual(UNCHANGED);
    });

    it('is killed while it writes job_version changes nothing', async () => {
      const held = await stage.holdTable('job_version');
      const running = stage.start(...command);
      await held.waiting();
      await stage.killDatabase();
      await held.release();
      expect(await awaitEnd(running)).toBe(false);
      await stage.startServer();
      expect(await tryAgain()).toEqual(UNCHANGED);
    });
  });

  it('at the same time as another of the same state: both succeed', async () => {
    const both = await Promise.all([stage.start(...command), stage.start(...command)].map(awaitEnd));
    expect(both).toContain(true);
    expect(await tryAgain()).toEqual({ ...DONE, found: 'new' });
  });
});

describe('a partial deployment', () => {
  beforeAll(() => deployState('one'));

  const listNames = () => stage.query('SELECT name FROM job WHERE deleted_at IS NULL ORDER BY name');

  async function restore(): Promise<void> {
    for (const folder of stage.states.jobFolders) clearBroken(folder);
    await stage.states.write('one');
  }

  async function deployBroken() {
    const { code, stderr } = await stage.optimus('deploy', '--partial', '--force');
    return { code, stderr, jobs: (await listNames()).length };
  }

  /** No job is lost, and none but the files is to blame. */
  const SOUND = {
    code: expect.toBeOneOf([0, 1]),
    stderr: expect.stringMatching(/^(?![^]*(?:INVARIANT|internal|undefined|the server failed|stack))/i),
    jobs: 25,
  };

  it.each(Object.entries(BREAKAGES))('loses no job for %s', async (name, breakJob) => {
    await restore();
    const folder = stage.states.jobFolders[3] ?? '';
    breakJob({ folder, file: `${folder}/job.yaml`, random: createRandom(1) });
    expect(await deployBroken(), name).toEqual(SOUND);
  });

  it(
    `of ${REPOSITORIES} malformed repositories loses no job, and blames none but the files`,
    async () => {
      for (let seed = 1; seed <= REPOSITORIES; seed += 1) {
        await restore();
        const done = breakJobs(stage.states.jobFolders, createRandom(seed));
        expect(await deployBroken(), `seed ${seed}, ${done.join(', ')}`).toEqual(SOUND);
      }
      await restore();
      expect(await deployState('one')).toBe(one);
    },
    120_000 + REPOSITORIES * MOST_A_REPOSITORY_MS,
  );
});
