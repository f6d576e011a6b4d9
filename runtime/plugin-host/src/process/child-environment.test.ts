import { expect, test } from 'vitest';
import { createChildEnvironment } from './child-environment.ts';

test('adds the cookie, the versions and the private folder', () => {
  expect(createChildEnvironment({ PATH: '/bin' }, '/tmp/x')).toEqual({
    PATH: '/bin',
    OP_PLUGIN_MAGIC_COOKIE: 'ksxR4BqCT81whVF2dVEUpYZXwM3pazSkP4IbVc6f2Kns57ypp2c0z0GzQNMdHSUk',
    PLUGIN_MIN_PORT: '10000',
    PLUGIN_MAX_PORT: '25000',
    PLUGIN_PROTOCOL_VERSIONS: '1',
    PLUGIN_UNIX_SOCKET_DIR: '/tmp/x',
    TMPDIR: '/tmp/x',
  });
});

test('passes on neither what another host left nor what the server keeps to itself', () => {
  const env = createChildEnvironment(
    {
      PLUGIN_CLIENT_CERT: 'garbage',
      PLUGIN_MULTIPLEX_GRPC: 'true',
      OP_PLUGIN_MAGIC_COOKIE: 'wrong',
      OPTIMUS_SERVE_APP_KEY: 'secret',
      OPTIMUS_SERVE_DB_DSN: 'postgres://u:p@h/d',
      OPTIMUS_LOG_LEVEL: 'debug',
      UNSET: undefined,
    },
    '/tmp/x',
  );
  expect(Object.keys(env).sort()).toEqual([
    'OPTIMUS_LOG_LEVEL',
    'OP_PLUGIN_MAGIC_COOKIE',
    'PLUGIN_MAX_PORT',
    'PLUGIN_MIN_PORT',
    'PLUGIN_PROTOCOL_VERSIONS',
    'PLUGIN_UNIX_SOCKET_DIR',
    'TMPDIR',
  ]);
  expect(env['OP_PLUGIN_MAGIC_COOKIE']).not.toBe('wrong');
});
