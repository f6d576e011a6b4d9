import { expect, it } from 'vitest';
import { writeTemporaryFile } from '../testing/temporary-folder.ts';
import { loadServerConfig } from './load-server-config.ts';

function load(docker: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify({ executor: { type: 'docker', docker } });
  return loadServerConfig({ file: writeTemporaryFile('config.yaml', text), env }).config.executor;
}

it('runs attempts as containers, as the file says', () => {
  const docker = {
    engine: 'unix:///run/podman/podman.sock',
    network: 'bridge',
    server_address: 'optimus.internal:9100',
    pull_policy: 'always',
    credentials: { 'ghcr.io': 'me:a:token' },
    max_running: 3,
    max_log_bytes: 65_536,
  };
  expect(load(docker)).toMatchObject({
    type: 'docker',
    docker: {
      engine: 'unix:///run/podman/podman.sock',
      network: 'bridge',
      serverAddress: 'optimus.internal:9100',
      pullPolicy: 'always',
      credentials: { 'ghcr.io': 'me:a:token' },
      maxRunning: 3,
      maxLogBytes: 65_536,
    },
  });
});

it.each([
  'ghcr.io=me:token, localhost:5000=you:other',
  '{"ghcr.io":"me:token","localhost:5000":"you:other"}',
])('takes credentials from the environment: %s', (OPTIMUS_EXECUTOR_DOCKER_CREDENTIALS) => {
  const { docker } = load({}, { OPTIMUS_EXECUTOR_DOCKER_CREDENTIALS });
  expect(docker.credentials).toEqual({ 'ghcr.io': 'me:token', 'localhost:5000': 'you:other' });
});

it.each([
  [{ pull_policy: 'allways' }, 'executor.docker.pull_policy: "allways" is not always, if-not-present, never'],
  [
    { engine: '/run/podman.sock' },
    'executor.docker.engine: must begin with unix://, tcp://, http:// or https://',
  ],
  [{ server_address: 'http://here' }, 'executor.docker.server_address: must be host:port'],
  [{ network: 'bridge' }, 'executor.docker.network: containers on "bridge" do not reach 127.0.0.1'],
])('refuses %j', (docker, problem) => {
  expect(() => load(docker)).toThrow(problem);
});

it('never shows credentials that it refuses', () => {
  expect(() => load({ credentials: { 'ghcr.io': 'hush' } })).toThrow(/credentials(?!.*hush)/);
});
