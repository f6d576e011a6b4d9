import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import {
  ConnInfoSchema,
  GRPCBroker,
  GRPCController,
  GRPCStdio,
  type StdioData,
} from '@optimus/proto/go-plugin';
import {
  Health,
  HealthCheckResponse_ServingStatus,
  reflectionV1,
  reflectionV1alpha,
} from '@optimus/proto/grpc';
import { BaseService, CLIModService } from '@optimus/proto/plugins';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { magicCookie } from './process/handshake.ts';
import { toMethodDefinition } from './services/service-definition.ts';
import { TestClient } from './testing/test-client.ts';

const fixture = fileURLToPath(new URL('./fixtures/talkative-plugin.mjs', import.meta.url));
const orphaningHost = fileURLToPath(new URL('./fixtures/orphaning-host.mjs', import.meta.url));

/** Fixtures run from TypeScript: without the cache each start would translate all of it again. */
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/plugin-fixtures', import.meta.url));

/** For what other processes do: this machine may be busy. */
const patience = { timeout: 10_000 };

let directory = '';
const started: ChildProcess[] = [];
const clients: TestClient[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sdk-'));
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** A process whose output is kept as it comes. */
function run(script: string, args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--conditions=source', script, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  return { child, output, closed: once(child, 'close') };
}

const hostEnv = () => ({
  [magicCookie.key]: magicCookie.value,
  PLUGIN_PROTOCOL_VERSIONS: '1',
  PLUGIN_UNIX_SOCKET_DIR: directory,
});

/** Plays the host up to the handshake. */
async function startPlugin(env: Readonly<Record<string, string>> = {}, program = fixture) {
  const plugin = run(program, [], { ...hostEnv(), ...env });
  await vi.waitFor(() => expect(plugin.output.stdout).toMatch(/\n$/), patience);
  const address = plugin.output.stdout.split('|')[3] ?? '';
  const client = new TestClient(`unix:${address}`);
  clients.push(client);
  return { ...plugin, address, client };
}

const { getQuestions, validateQuestion } = CLIModService.method;
const { shutdown } = GRPCController.method;

test('the plugin of the README runs as it is written there', async () => {
  const program = fileURLToPath(new URL('./fixtures/readme-plugin.ts', import.meta.url));
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(program, 'utf8')}\`\`\`\n`);
  const { client } = await startPlugin({}, program);
  const question = { name: 'From' };
  const answer = await client.call(validateQuestion, { answer: { question, value: 'x' }, options: {} });
  expect(answer.error).toBe('write it as project:dataset.table');
});

test('run by hand, explains itself on standard error and exits with 1', async () => {
  const { child, output, closed } = run(fixture, [], { [magicCookie.key]: 'something else' });
  await closed;
  expect(child.exitCode).toBe(1);
  expect(output.stderr.trim().split('\n').slice(-3)[0]).toMatch(/^This binary is a plugin\./);
  // What the program itself printed while it was loaded, and nothing of the SDK.
  expect(output.stdout).toBe('printed while loading\n');
});

test('prints the handshake and nothing else, however much the program prints', async () => {
  const { output, client } = await startPlugin();
  await client.call(getQuestions, { jobName: 'print', options: {} });
  expect(output.stdout).toBe(`1|1|unix|${output.stdout.split('|')[3]}|grpc|\n`);
});

test('does not claim to multiplex, even when asked', async () => {
  const { output } = await startPlugin({ PLUGIN_MULTIPLEX_GRPC: 'true' });
  expect(output.stdout.split('|')).toHaveLength(6);
});

test('serves health, for go-plugin by the name "plugin"', async () => {
  const { client } = await startPlugin();
  const { check } = Health.method;
  const { SERVING } = HealthCheckResponse_ServingStatus;
  expect((await client.call(check, { service: 'plugin' })).status).toBe(SERVING);
  expect((await client.call(check, { service: '' })).status).toBe(SERVING);
  await expect(client.call(check, { service: 'other' })).rejects.toMatchObject({ code: status.NOT_FOUND });
});

test('answers under the names of 2021 as well', async () => {
  const { client } = await startPlugin();
  const { pluginInfo } = BaseService.method;
  expect(await client.call(pluginInfo, {})).toMatchObject({ name: 'talkative' });
  expect(await client.call(pluginInfo, {}, 'odpf.optimus.plugins.Base')).toMatchObject({ name: 'talkative' });
  const questions = client.call(getQuestions, { jobName: 'a' }, 'odpf.optimus.plugins.CLIMod');
  expect((await questions).questions).toMatchObject([{ prompt: 'a' }]);
});

describe.each([
  ['v1alpha', reflectionV1alpha.ServerReflection, reflectionV1alpha.ServerReflectionRequestSchema],
  ['v1', reflectionV1.ServerReflection, reflectionV1.ServerReflectionRequestSchema],
] as const)('reflection %s', (_, service, schema) => {
  async function ask(messageRequest: {
    readonly case: 'listServices' | 'fileContainingSymbol';
    readonly value: string;
  }) {
    const { client } = await startPlugin();
    const method = toMethodDefinition(service.method.serverReflectionInfo, service.typeName);
    const call = client.raw.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
    );
    call.on('error', () => {});
    const answered = once(call, 'data');
    call.write(create(schema as typeof reflectionV1.ServerReflectionRequestSchema, { messageRequest }));
    const [response] = await answered;
    call.end();
    return response.messageResponse;
  }

  test('lists what is served, and not the mod that is absent', async () => {
    const answer = await ask({ case: 'listServices', value: '*' });
    const names = answer.value.service.map(({ name }: { readonly name: string }) => name);
    expect(names).toContain(CLIModService.typeName);
    expect(names).toContain('odpf.optimus.plugins.Base');
    expect(names).not.toContain('odpf.optimus.plugins.v1beta1.DependencyResolverModService');
  });

  test('gives the file of a symbol with those it imports', async () => {
    const answer = await ask({
      case: 'fileContainingSymbol',
      value: `${CLIModService.typeName}.GetQuestions`,
    });
    expect(answer.case).toBe('fileDescriptorResponse');
    expect(answer.value.fileDescriptorProto.length).toBeGreaterThan(2);
  });

  test('says when it does not know a symbol', async () => {
    const answer = await ask({ case: 'fileContainingSymbol', value: 'no.such.Symbol' });
    expect(answer).toMatchObject({ case: 'errorResponse', value: { errorCode: status.NOT_FOUND } });
  });
});

/** Reads what the plugin prints until the stream ends. */
function readOutput(client: TestClient) {
  const {
    path: at,
    requestSerialize,
    responseDeserialize,
  } = toMethodDefinition(GRPCStdio.method.streamStdio, GRPCStdio.typeName);
  const call = client.raw.makeServerStreamRequest(
    at,
    requestSerialize,
    responseDeserialize,
    create(EmptySchema),
  );
  const read = { text: '' };
  call.on('data', ({ data }: StdioData) => {
    read.text += Buffer.from(data).toString();
  });
  call.on('error', () => {});
  return { read, call };
}

test('sends what it prints over the connection', async () => {
  const { client } = await startPlugin();
  const { read } = readOutput(client);
  await client.call(getQuestions, { jobName: 'print', options: {} });
  await vi.waitFor(() => expect(read.text).toContain('hello host\n'), patience);
});

test('prints a megabyte with nobody reading and still answers', async () => {
  const { client } = await startPlugin();
  const { questions } = await client.call(getQuestions, { jobName: 'flood', options: {} });
  expect(questions).toHaveLength(1);
});

test('answers 200 calls at once', async () => {
  const { client } = await startPlugin();
  const names = Array.from({ length: 200 }, (_, index) => `job-${index}`);
  const answers = await Promise.all(
    names.map((jobName) => client.call(getQuestions, { jobName, options: {} })),
  );
  expect(answers.map(({ questions }) => questions[0]?.prompt)).toEqual(names);
});

test('tells a handler that the host has stopped waiting', async () => {
  const { client, output } = await startPlugin();
  const {
    path: at,
    requestSerialize,
    responseDeserialize,
  } = toMethodDefinition(getQuestions, CLIModService.typeName);
  const request = create(getQuestions.input, { jobName: 'hang', options: {} });
  const call = client.raw.makeUnaryRequest(at, requestSerialize, responseDeserialize, request, () => {});
  await vi.waitFor(() => expect(output.stderr).toContain('"waiting"'), patience);
  call.cancel();
  await vi.waitFor(() => expect(output.stderr).toContain('"given up"'), patience);
});

test('logs in the form that Go hosts read', async () => {
  const { client, output } = await startPlugin();
  await client.call(getQuestions, { jobName: 'log', options: {} });
  await vi.waitFor(() => expect(output.stderr).toContain('"looked"'), patience);
  const line = output.stderr.split('\n').find((text) => text.includes('"looked"')) ?? '';
  expect(JSON.parse(line)).toMatchObject({ '@level': 'info', '@module': 'talkative', jobName: 'log' });
  expect(JSON.parse(line)['@timestamp']).toMatch(/\.\d{6}Z$/);
});

test('accepts the stream of the broker, which Go hosts always open', async () => {
  const { client } = await startPlugin();
  const method = toMethodDefinition(GRPCBroker.method.startStream, GRPCBroker.typeName);
  const call = client.raw.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
  );
  const done = once(
    call.on('data', () => {}),
    'status',
  );
  call.write(create(ConnInfoSchema, { serviceId: 1 }));
  call.end();
  expect(await done).toMatchObject([{ code: status.OK }]);
});

test('stops when told to, with 0 and without its socket, in spite of an open stream and a hanging call', async () => {
  const { child, client, address, closed } = await startPlugin();
  readOutput(client);
  const hanging = client.call(getQuestions, { jobName: 'hang', options: {} }).catch(() => 'ended');
  await client.call(shutdown, {}).catch(() => {});
  await closed;
  expect(child.exitCode).toBe(0);
  expect(existsSync(address)).toBe(false);
  expect(await hanging).toBe('ended');
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends it gracefully', async (signal) => {
  const { child, address, closed } = await startPlugin();
  child.kill(signal);
  await closed;
  expect(child.exitCode).toBe(0);
  expect(existsSync(address)).toBe(false);
});

test('ignores Ctrl-C: its host decides', async () => {
  const { child, client } = await startPlugin();
  child.kill('SIGINT');
  expect(await client.call(getQuestions, { jobName: 'a', options: {} })).toMatchObject({
    questions: [{ prompt: 'a' }],
  });
});

test('ends with its host, even when that was killed', async () => {
  const host = run(orphaningHost, [fixture], hostEnv());
  await vi.waitFor(() => expect(host.output.stdout).toMatch(/^\d+\n/), patience);
  const pid = Number(host.output.stdout);
  host.child.kill('SIGKILL');
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), patience);
  expect(readdirSync(directory)).toEqual([]);
});

test('says on standard error why it cannot listen, and exits with 1', async () => {
  const missing = path.join(directory, 'missing');
  const { child, output, closed } = run(fixture, [], { ...hostEnv(), PLUGIN_UNIX_SOCKET_DIR: missing });
  await closed;
  expect(child.exitCode).toBe(1);
  expect(output.stdout).toBe('');
  expect(output.stderr).toContain('plugin init error: cannot listen');
});
