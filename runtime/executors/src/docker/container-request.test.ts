import { expect, it } from 'vitest';
import { findAttemptId, toContainer, toOwnerFilter } from './container-request.ts';

const owner = { database: 'd1', host: 'h1' };
const settings = { network: 'host', maxLogBytes: 1_000_000 };
const request = {
  attemptId: '7',
  fence: '1',
  image: 'example/image:1',
  env: { A: 'b=c' },
  files: {},
  labels: {},
};

it('is named after database and attempt, so that an engine makes it once', () => {
  expect(toContainer(request, owner, settings).name).toBe('optimus-d1-7');
});

it('bears what it was made for, and cannot be made to bear the name of another attempt', () => {
  const labels = { project: 'p', namespace: 'n', job: 'a job', instance: 'i', attempt: '8' };
  const { Labels = {} } = toContainer({ ...request, labels }, owner, settings);
  expect(Labels).toMatchObject({ 'optimus.project': 'p', 'optimus.job': 'a job', 'optimus.attempt': '7' });
  expect(findAttemptId(Labels)).toBe('7');
  for (const pair of toOwnerFilter(owner)) {
    const [name = '', value] = pair.split('=');
    expect(Labels[name]).toBe(value);
  }
});

it('runs what its image runs, unless the plugin says what', () => {
  expect(toContainer(request, owner, settings)).not.toHaveProperty('Entrypoint');
  const entrypoint = { shell: '/bin/bash', script: 'echo one; echo two' };
  expect(toContainer({ ...request, entrypoint }, owner, settings)).toMatchObject({
    Entrypoint: ['/bin/bash', '-c'],
    Cmd: ['echo one; echo two'],
  });
});

it('has the engine keep more output than the server copies, and not without end', () => {
  const { HostConfig } = toContainer(request, owner, settings);
  expect(HostConfig?.LogConfig).toEqual({ Type: 'json-file', Config: { 'max-size': '69108864' } });
});

it('finds its files where JOB_DIR says, whatever its configuration says', () => {
  const { Env } = toContainer({ ...request, env: { A: 'b=c', JOB_DIR: '/elsewhere' } }, owner, settings);
  expect(Env).toEqual(['A=b=c', 'JOB_DIR=/job']);
});
