import { describe, expect, it } from 'vitest';
import { createJob } from './context-fixtures.ts';
import { toExecutorEnvironment, toJobLabels } from './executor-environment.ts';

describe('the environment of an executor', () => {
  it('holds every variable of the contract under its old and its new name', () => {
    const environment = toExecutorEnvironment({
      job: createJob(),
      instance: { type: 'task', name: 'neo' },
      scheduledAt: new Date('2022-09-19T02:00:00Z'),
      host: '127.0.0.1:9100',
    });
    expect(environment).toEqual({
      INSTANCE_NAME: 'neo',
      INSTANCE_TYPE: 'task',
      JOB_LABELS:
        'job_id=0191e0b0-0000-7000-8000-000000000001,job_name=asteroids,namespace=space,project=lake',
      JOB_NAME: 'asteroids',
      NAMESPACE: 'space',
      OPTIMUS_HOST: '127.0.0.1:9100',
      OPTIMUS_HOSTNAME: '127.0.0.1:9100',
      PROJECT: 'lake',
      SCHEDULED_AT: '2022-09-19T02:00:00Z',
      TASK_NAME: 'neo',
      TASK_TYPE: 'task',
    });
  });
});

describe('job labels', () => {
  it('are sorted and fit for systems with narrow rules', () => {
    const labels = { 'Team Name': 'Space & Time', äpfel: 'x', empty: '' };
    expect(toJobLabels(createJob({ labels }))).toBe(
      '-pfel=x,empty=,job_id=0191e0b0-0000-7000-8000-000000000001,job_name=asteroids,namespace=space,project=lake,team-name=space---time',
    );
  });

  it('keep the end of what is too long', () => {
    const labels = { long: `${'a'.repeat(60)}-the-end` };
    const [, long = ''] = /long=([^,]*)/.exec(toJobLabels(createJob({ labels }))) ?? [];
    expect(long).toHaveLength(63);
    expect(long).toMatch(/^__a+-the-end$/);
  });

  it('cannot pretend to another address', () => {
    expect(toJobLabels(createJob({ labels: { project: 'theirs' } }))).toContain('project=lake');
  });

  it('do not depend on the order in which they were written', () => {
    const [one, other] = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ];
    expect(toJobLabels(createJob({ labels: one }))).toBe(toJobLabels(createJob({ labels: other })));
  });
});
