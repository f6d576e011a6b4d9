import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder, writeTemporaryFile } from '../testing/temporary-folder.ts';
import { findUnknownVariables } from './config-environment.ts';
import { loadServerConfig } from './load-server-config.ts';

const KEY = 'k'.repeat(32);

function load(text: string, env: Record<string, string> = {}) {
  return loadServerConfig({ file: writeTemporaryFile('config.yaml', text), env }).config;
}

function listProblems(text: string, env: Record<string, string> = {}): readonly string[] {
  const file = writeTemporaryFile('config.yaml', text);
  try {
    loadServerConfig({ file, env });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof OptimusError) || thrown.code !== 'CONFIG_INVALID') throw thrown;
    return thrown.message.replaceAll(`${file}:`, '').split('\n');
  }
}

describe('the configuration', () => {
  it('has defaults for everything', () => {
    const { config, file } = loadServerConfig({ env: {}, cwd: makeTemporaryFolder() });
    expect(file).toBeUndefined();
    expect(config).toEqual({
      serve: {
        host: '127.0.0.1',
        port: 9100,
        dataDir: join(homedir(), '.optimus'),
        appKey: undefined,
        previousAppKeys: [],
        auth: { tokens: [] },
        db: { dsn: undefined },
      },
      log: { level: 'info' },
      executor: {
        type: 'process',
        process: { images: {}, maxRunning: 16, maxLogBytes: 268_435_456 },
        docker: {
          engine: undefined,
          network: 'host',
          serverAddress: undefined,
          pullPolicy: 'if-not-present',
          credentials: {},
          maxRunning: 16,
          maxLogBytes: 268_435_456,
        },
      },
      retention: {
        runsMs: 90 * 86_400_000,
        keepRuns: 10,
        eventsMs: 30 * 86_400_000,
        logsMs: 30 * 86_400_000,
      },
      telemetry: { otlpEndpoint: undefined, otlpHeaders: {} },
      plugin: {
        dirs: [],
        autoMtls: false,
        checksums: {},
        allowForeignWriters: false,
        ignoreCurrentDirectory: false,
        idleTimeoutMs: 60_000,
      },
      resourceManagers: [],
    });
  });

  it('comes from the file', () => {
    const config = load(`
version: 1
serve:
  host: 0.0.0.0
  port: 0
  data_dir: data
  app_key: ${KEY}
  previous_app_keys: [before, long before]
  auth: { tokens: [one, two] }
  db: { dsn: "postgres://u:p@db/optimus" }
log:
  level: WARNING
executor:
  process:
    max_running: 4
    images:
      neo: node "main file.mjs" --fast
      sql: [psql, -c, "select 1"]
plugin:
  dirs: [plugins, /opt/plugins]
  auto_mtls: true
  checksums:
    optimus-neo_0.1_linux_amd64: ${'0a'.repeat(32)}
  allow_foreign_writers: true
  ignore_current_directory: true
`);
    expect(config).toMatchObject({
      serve: {
        host: '0.0.0.0',
        port: 0,
        appKey: KEY,
        previousAppKeys: ['before', 'long before'],
        auth: { tokens: ['one', 'two'] },
        db: { dsn: 'postgres://u:p@db/optimus' },
      },
      log: { level: 'warn' },
      executor: {
        process: {
          maxRunning: 4,
          images: { neo: ['node', 'main file.mjs', '--fast'], sql: ['psql', '-c', 'select 1'] },
        },
      },
      plugin: {
        autoMtls: true,
        checksums: { 'optimus-neo_0.1_linux_amd64': '0a'.repeat(32) },
        allowForeignWriters: true,
        ignoreCurrentDirectory: true,
      },
    });
  });

  it('says how long history stays, in weeks, days and less, or that it does for ever', () => {
    const { retention } = load('retention: { runs: 2w1d, events: off, logs: 36h, keep_runs: 1 }');
    const hour = 3_600_000;
    expect(retention).toEqual({ runsMs: 360 * hour, eventsMs: 0, logsMs: 36 * hour, keepRuns: 1 });
    expect(load('retention: { runs: 0 }', { OPTIMUS_RETENTION_LOGS: 'off' }).retention).toMatchObject({
      runsMs: 0,
      logsMs: 0,
    });
  });

  it('takes paths of the file from the folder of the file, and ~ from home', () => {
    const text =
      'serve: { data_dir: data }\nplugin: { dirs: [p, ~/q] }\nexecutor: { process: { cgroup: c } }';
    const file = writeTemporaryFile('config.yaml', text);
    const { config } = loadServerConfig({ file, env: {} });
    expect(config.serve.dataDir).toBe(join(dirname(file), 'data'));
    expect(config.plugin.dirs).toEqual([join(dirname(file), 'p'), join(homedir(), 'q')]);
    expect(config.executor.process.cgroup).toBe(join(dirname(file), 'c'));
  });

  it('is found in the working directory, and need not be there', () => {
    const file = writeTemporaryFile('config.yaml', 'serve: { port: 7 }');
    const found = loadServerConfig({ env: {}, cwd: dirname(file) });
    expect([found.file, found.config.serve.port]).toEqual([file, 7]);
  });

  it('must be there when it is named', () => {
    const file = join(makeTemporaryFolder(), 'none.yaml');
    expect(() => loadServerConfig({ file, env: {} })).toThrow(`cannot read the configuration ${file}`);
  });

  it.each(['', '# nothing\n', 'serve:\n', 'serve:\n  port:\n', '---\n'])('may be empty: %j', (text) => {
    expect(load(text).serve.port).toBe(9100);
  });
});

describe('the environment', () => {
  it('wins over the file, in every key', () => {
    const config = load('serve: { port: 1, host: 127.0.0.2 }\nlog: { level: debug }', {
      OPTIMUS_SERVE_PORT: '2',
      OPTIMUS_LOG_LEVEL: 'error',
      OPTIMUS_SERVE_AUTH_TOKENS: 'a, b',
      OPTIMUS_SERVE_APP_KEY: KEY,
      OPTIMUS_SERVE_DB_DSN: 'postgresql://db/x',
      OPTIMUS_EXECUTOR_PROCESS_IMAGES: 'neo=node main.mjs,sql=psql -c 1',
      OPTIMUS_EXECUTOR_PROCESS_MAX_RUNNING: '3',
      OPTIMUS_PLUGIN_DIRS: '["/a,b","/c"]',
      OPTIMUS_PLUGIN_AUTO_MTLS: 'True',
      OPTIMUS_PLUGIN_CHECKSUMS: `optimus-neo_linux_amd64=${'AB'.repeat(32)}`,
      OPTIMUS_PLUGIN_ALLOW_FOREIGN_WRITERS: 'false',
      OPTIMUS_PLUGIN_IGNORE_CURRENT_DIRECTORY: 'true',
      OPTIMUS_PLUGIN_IDLE_TIMEOUT: '0',
    });
    expect(config).toMatchObject({
      serve: {
        host: '127.0.0.2',
        port: 2,
        auth: { tokens: ['a', 'b'] },
        appKey: KEY,
        db: { dsn: 'postgresql://db/x' },
      },
      log: { level: 'error' },
      executor: {
        process: { maxRunning: 3, images: { neo: ['node', 'main.mjs'], sql: ['psql', '-c', '1'] } },
      },
      plugin: {
        dirs: ['/a,b', '/c'],
        autoMtls: true,
        checksums: { 'optimus-neo_linux_amd64': 'AB'.repeat(32) },
        allowForeignWriters: false,
        ignoreCurrentDirectory: true,
        idleTimeoutMs: 0,
      },
    });
  });

  it.each([
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['0', 0],
  ])('reads the duration %s', (text, ms) => {
    expect(load(`plugin: { idle_timeout: ${text} }`).plugin.idleTimeoutMs).toBe(ms);
  });

  it('gives images as JSON when a command line holds a comma', () => {
    const images = JSON.stringify({ neo: ['node', '-e', 'f(1,2)'] });
    const config = load('', { OPTIMUS_EXECUTOR_PROCESS_IMAGES: images });
    expect(config.executor.process.images).toEqual({ neo: ['node', '-e', 'f(1,2)'] });
  });

  it('names the home of the data', () => {
    expect(load('', { OPTIMUS_HOME: '/srv/optimus' }).serve.dataDir).toBe('/srv/optimus');
    expect(load('serve: { data_dir: /d }', { OPTIMUS_HOME: '/srv/optimus' }).serve.dataDir).toBe('/d');
  });

  it('counts as not given when it is empty', () => {
    expect(load('serve: { port: 5 }', { OPTIMUS_SERVE_PORT: '' }).serve.port).toBe(5);
  });

  it('is told about variables that look like keys and are none', () => {
    const env = {
      OPTIMUS_SERVE_PROT: '1',
      OPTIMUS_HOME: '/x',
      OPTIMUS_AUTH_BEARER_TOKEN: 't',
      OPTIMUS_SERVE_PORT: '1',
    };
    expect(findUnknownVariables(env)).toEqual([
      'the variable OPTIMUS_SERVE_PROT is no key of the configuration, did you mean "OPTIMUS_SERVE_PORT"?',
    ]);
  });
});

describe('other servers', () => {
  const server = {
    name: 'west',
    type: 'optimus',
    config: { host: 'http://west:9100', headers: { A: 'hush' } },
  };
  const expected = { name: 'west', host: 'http://west:9100', headers: { A: 'hush' } };

  it('are a list, in the file and in the environment', () => {
    const list = JSON.stringify([server]);
    expect(load(`resource_managers: ${list}`).resourceManagers).toEqual([expected]);
    expect(load('', { OPTIMUS_RESOURCE_MANAGERS: list }).resourceManagers).toEqual([expected]);
  });

  it.each([
    ['hush', 'is not a list'],
    [
      [{ ...server, type: 'hush' }],
      'entry 1 is not a name, the type optimus, and a config of host and headers',
    ],
    [[server, { ...server, config: { host: 'http://u:hush@west' } }], 'entry 2 is not'],
    [[{ ...server, config: { host: 'http://w', headers: { hush: 5 } } }], 'entry 1 is not'],
    [[server, server], 'the name "west" is given twice'],
  ])('are refused without a secret: %j', (value, message) => {
    const [problem = ''] = listProblems(`resource_managers: ${JSON.stringify(value)}`);
    expect(problem).toContain(`resource_managers: ${message}`);
    expect(problem).not.toContain('hush');
  });
});

describe('a wrong configuration', () => {
  it.each([
    ['serve:\n  prot: 9100', '2:3: unknown key `serve.prot`, did you mean "port"?'],
    ['server:\n  port: 9100', '1:1: unknown key `server`, did you mean "serve"?'],
    ['log_level: debug', '1:1: unknown key `log_level`, did you mean "log.level"?'],
    ['serve:\n  port: "9100"', '2:9: serve.port: "9100" is not a whole number from 0 to 65535'],
    ['serve:\n  port: 70000', '2:9: serve.port: 70000 is not a whole number from 0 to 65535'],
    ['serve: 9100', '1:8: serve holds keys, not a value'],
    ['serve:\n  host: [a]', '2:9: serve.host: ["a"] is not a text'],
    [
      'log: { level: wran }',
      '1:15: log.level: "wran" is not debug, info, warn or error, did you mean "warn"?',
    ],
    ['retention: { runs: 90 }', '1:20: retention.runs: 90 is not a time such as 90d, 2w or 12h, nor off'],
    ['retention: { logs: 3 days }', /is not a time such as 90d/],
    ['retention: { keep_runs: 0 }', /retention.keep_runs: 0 is not a whole number from 1 to 100000/],
    ['plugin: { idle_timeout: 5 }', /1:25: plugin.idle_timeout: 5 is not a duration/],
    ['plugin: { idle_timeout: 25h }', /is not a duration of at most a day, such as 90s or 1h30m/],
    ['plugin: { auto_mtls: yes }', '1:22: plugin.auto_mtls: "yes" is neither true nor false'],
    ['plugin: { checksums: [] }', /1:22: .*is not a map of file names to SHA-256 sums/],
    ['plugin: { checksums: { neo: abc } }', /1:22: .*the sum of "neo" is not a SHA-256 of 64 hex/],
    ['plugin: { dirs: /opt }', '1:17: plugin.dirs: "/opt" is not a list of texts'],
    ['executor: { process: { images: { neo: 5 } } }', /1:32: .*the command line of "neo" is not a text/],
    ['executor: { process: { images: [] } }', /is not a map of images to command lines/],
    ['- a list', '1:1: the file is not a map of keys'],
    ['serve:\n  port: 1\n  port: 2', /^3:3: .*unique/],
    ['serve: [', /^1:\d+: /],
  ])('%j is refused with its place', (text, expected) => {
    const [problem = '', ...others] = listProblems(text);
    expect(others).toEqual([]);
    expect(problem).toMatch(expected);
  });

  it('tells every problem at once', () => {
    const problems = listProblems('serve:\n  prot: 1\n  host: 0.0.0.0\nlog:\n  level: loud', {
      OPTIMUS_SERVE_PORT: 'many',
    });
    expect(problems).toEqual([
      expect.stringMatching(/^2:3: unknown key/),
      expect.stringMatching(/^5:10: log\.level/),
      'OPTIMUS_SERVE_PORT: serve.port: "many" is not a whole number from 0 to 65535',
      expect.stringMatching(/^3:9: serve\.host: 0\.0\.0\.0 is reached by other machines/),
    ]);
  });

  it('never shows a secret', () => {
    const text = 'serve:\n  app_key: [hush]\n  auth: { tokens: hush }\n  db: { dsn: [hush] }';
    expect(listProblems(text)).toHaveLength(3);
    expect(listProblems(text).join()).not.toContain('hush');
    expect(listProblems('serve: { previous_app_keys: hush }').join()).not.toContain('hush');
    expect(listProblems('serve: { app_key: hush }').join()).not.toContain('hush');
  });

  it('of secrets that YAML takes for numbers ask for quotes', () => {
    expect(listProblems('serve: { app_key: 1234567890 }')).toEqual([
      '1:19: serve.app_key: is not a text: put it into quotes',
    ]);
    expect(listProblems('serve: { auth: { tokens: [a, 12] } }')).toEqual([
      '1:26: serve.auth.tokens: holds what is not a text: put each entry into quotes',
    ]);
  });
});

describe('the rules between keys', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'optimus.example'])('refuse the host %s without tokens', (host) => {
    expect(listProblems(`serve: { host: "${host}" }`)).toEqual([
      expect.stringContaining('serve.auth.tokens'),
    ]);
    expect(load(`serve: { host: "${host}", auth: { tokens: [t] } }`).serve.host).toBe(host);
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('admit the host %s without tokens', (host) => {
    expect(load(`serve: { host: "${host}" }`).serve.host).toBe(host);
  });

  it('want a key with a database of its own, and a long one', () => {
    expect(listProblems('serve: { db: { dsn: "postgres://db" } }')).toEqual([
      expect.stringMatching(/serve\.db\.dsn: needs serve\.app_key/),
    ]);
    expect(listProblems('serve: { app_key: short }')).toEqual([
      '1:19: serve.app_key: has 5 characters, must have 32 or more',
    ]);
    expect(listProblems(`serve: { app_key: ${KEY}, db: { dsn: "mysql://db" } }`)).toEqual([
      expect.stringMatching(/must begin with postgres/),
    ]);
  });
});
