import { describe, expect, it } from 'vitest';
import { createAdviser } from './advice.ts';
import { explainProbes, listProbes } from './explain-probes.ts';
import type { RunQuestion } from './question.ts';
import type { ProbeFacts } from './run-facts.ts';

const NOW = new Date('2022-09-19T03:00:00Z');
const KEY = { project: 'space', job: 'report' };
const ENDPOINT: ProbeFacts = {
  kind: 'http',
  name: 'landed',
  target: 'http://lake/ready',
  tries: 2,
  outcome: '',
  nextProbeAt: new Date(NOW.getTime() + 8000),
};
const JOB: ProbeFacts = { ...ENDPOINT, kind: 'external', name: 'lake/raw', target: 'lake/raw' };

function ask(first: ProbeFacts, others: readonly ProbeFacts[] = [], leadUntil = new Date(NOW.getTime() + 1)) {
  const question = {
    project: 'space',
    advise: createAdviser('space'),
    job: { ...KEY, now: NOW, leadUntil },
    run: { ...KEY, scheduledAt: new Date('2022-09-19T02:00:00Z'), probes: [first, ...others] },
  };
  const typed = question as unknown as RunQuestion;
  return { ...explainProbes(typed, first), listed: listProbes(typed) };
}

const RUNS_OPEN = '1 of 2 runs have not succeeded, the first, 2022-09-18T02:00:00Z, is failed';

describe('a sentence on what is asked', () => {
  it.each<{ readonly probe: ProbeFacts; readonly outcome: string; readonly said: string }>([
    { probe: ENDPOINT, outcome: 'answered 503', said: 'endpoint landed, which answered 503 when last asked' },
    {
      probe: ENDPOINT,
      outcome: 'connect ECONNREFUSED 127.0.0.1:9399',
      said: 'endpoint landed, which could not be reached (connect ECONNREFUSED 127.0.0.1:9399) when last asked',
    },
    {
      probe: ENDPOINT,
      outcome: 'no answer within 20 s',
      said: 'endpoint landed, which gave no answer within 20 s when last asked',
    },
    {
      probe: ENDPOINT,
      outcome: 'redirects more than 5 times',
      said: 'endpoint landed, which redirects more than 5 times when last asked',
    },
    {
      probe: ENDPOINT,
      outcome: 'endpoint "landed": no such day',
      said: 'endpoint landed; what came of it when last asked: endpoint "landed": no such day',
    },
    {
      probe: JOB,
      outcome: 'this server knows no other one: name it under resource_managers in its configuration',
      said: 'job lake/raw of another server, but this server knows no other one',
    },
    {
      probe: JOB,
      outcome: 'no such job at lake, sea',
      said: 'job lake/raw of another server, but there was no such job at lake, sea when last asked',
    },
    {
      probe: JOB,
      outcome: 'the server "lake": answered 503',
      said: 'job lake/raw of another server, but server lake answered 503 when last asked',
    },
    {
      probe: JOB,
      outcome: 'the server "lake": connect ECONNREFUSED 10.0.0.1:80',
      said: 'job lake/raw of another server, but server lake could not be reached (connect ECONNREFUSED 10.0.0.1:80) when last asked',
    },
    {
      probe: JOB,
      outcome: 'the server "lake": cannot be asked',
      said: 'job lake/raw of another server, but server lake was of no use (cannot be asked) when last asked',
    },
    {
      probe: { ...JOB, name: 'bigquery://p:d.t', target: 'lake: lake/raw' },
      outcome: RUNS_OPEN,
      said: `job lake/raw of server lake: ${RUNS_OPEN}`,
    },
  ])('is one: $outcome', ({ probe, outcome, said }) => {
    expect(ask({ ...probe, outcome }).clause).toBe(`waits for ${said}; it is asked again in 8.0 s`);
  });

  it('says what was not asked yet, and how much else there is', () => {
    const written = { ...JOB, name: 'bigquery://p:d.t', target: 'bigquery://p:d.t', tries: 0 };
    expect(ask(written, [ENDPOINT, JOB]).clause).toBe(
      'waits for the job that writes bigquery://p:d.t on another server, which was not asked yet; it waits for 2 others besides',
    );
  });

  it('says so when it is due, and when nobody is there to ask', () => {
    const due = { ...ENDPOINT, outcome: 'answered 503', nextProbeAt: NOW };
    expect(ask(due).clause).toMatch(/when last asked; it is about to be asked again$/);
    const alone = ask(due, [], NOW);
    expect(alone.clause).toMatch(/when last asked; no server is there to ask$/);
    expect(alone.advice[0]?.command).toBe('optimus serve');
  });
});

it('lists all that is asked, each as what it is', () => {
  expect(ask({ ...ENDPOINT, outcome: 'answered 503' }, [JOB]).listed).toEqual([
    {
      subject: 'endpoint landed',
      text: 'http://lake/ready: answered 503; asked 2 times; it is asked again in 8.0 s',
    },
    { subject: 'job lake/raw', text: 'lake/raw: not asked yet; asked 2 times' },
  ]);
});

it('advises to name the other server where that is the mend', () => {
  const outcome = 'this server knows no other one: name it under resource_managers in its configuration';
  expect(ask({ ...JOB, outcome }).advice[0]).toEqual({
    command: 'optimus serve',
    purpose: 'start it again, with the other server under resource_managers',
  });
});
