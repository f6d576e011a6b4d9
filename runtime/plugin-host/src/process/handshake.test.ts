import { expect, test } from 'vitest';
import { parseHandshake } from './handshake.ts';

const plugin = { name: 'neo', path: '/plugins/neo' };

test.each([
  ['1|1|unix|/tmp/plugin1|grpc', { network: 'unix', address: '/tmp/plugin1' }],
  ['1|1|unix|/tmp/plugin1|grpc|', { network: 'unix', address: '/tmp/plugin1' }],
  ['  1|1|tcp|127.0.0.1:1234|grpc\r', { network: 'tcp', address: '127.0.0.1:1234' }],
  ['1|01|tcp|[::1]:1234|grpc||true', { network: 'tcp', address: '[::1]:1234' }],
  ['1|1|unix|/tmp/plugin1|grpc|junk', { network: 'unix', address: '/tmp/plugin1' }],
])('accepts %j', (line, expected) => {
  expect(parseHandshake(line, plugin)).toEqual({ ...expected, appVersion: 1, certificate: undefined });
});

test('finds the certificate in the sixth field', () => {
  const certificate = 'M'.repeat(795);
  expect(parseHandshake(`1|1|unix|/tmp/p|grpc|${certificate}`, plugin).certificate).toBe(certificate);
});

test.each([
  ['npm notice', /did not start as an Optimus plugin: its first output was "npm notice"/],
  ['{"level":"info"}', /did not start as an Optimus plugin/],
  ['1|1|unix', /did not start as an Optimus plugin/],
  ['1 | 1 | unix | /tmp/p | grpc', /did not start as an Optimus plugin/],
  ['2|1|unix|/tmp/p|grpc', /uses go-plugin core protocol 2; this host speaks 1/],
  ['1|9|unix|/tmp/p|grpc', /speaks plugin protocol 9, this host supports 1/],
  ['1|one|unix|/tmp/p|grpc', /speaks plugin protocol one/],
  ['1|1|unix|/tmp/p', /uses the old net\/rpc transport; only gRPC plugins are supported/],
  ['1|1|unix|/tmp/p|netrpc', /uses the old net\/rpc transport/],
  ['1|1|unix|/tmp/p|http', /uses the "http" transport/],
])('refuses %j and says why', (line, message) => {
  expect(() => parseHandshake(line, plugin)).toThrow(message);
});

test.each([
  'udp|127.0.0.1:1',
  'unix|relative/socket',
  'unix|',
  'tcp|127.0.0.1',
  'tcp|10.0.0.1:80',
  'tcp|127.0.0.1:99999',
  'tcp|evil.example:80',
])('refuses the address %s', (address) => {
  expect(() => parseHandshake(`1|1|${address}|grpc`, plugin)).toThrow(/announced an unusable address/);
});
