import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Flags } from '../command-line/flags.ts';
import { OPTIMUS_YAML } from '../testing/job-files.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { pickNamespaces } from './pick-namespaces.ts';
import { findClientConfig, getClientConfig, parseClientConfig } from './read-client-config.ts';

const parse = (text: string) => parseClientConfig('/p/optimus.yaml', text, '/p');

describe('optimus.yaml', () => {
  it('gives paths relative to its own folder', () => {
    const text = `version: 1
log: { level: warning }
project: { name: neo, config: { bucket: gs://x, retries: 3 } }
namespaces:
  - name: a
    job: { path: ../jobs }
    datastore: [{ type: bigquery, path: a/resources, backup: { ttl: 720h } }]
  - { name: b, config: { POOL: small } }
`;
    expect(parse(text)).toEqual({
      file: '/p/optimus.yaml',
      host: undefined,
      project: { name: 'neo', config: { bucket: 'gs://x', retries: '3' } },
      namespaces: [
        {
          name: 'a',
          config: {},
          jobPath: '/jobs',
          projectPath: '/p',
          datastores: [{ type: 'bigquery', path: '/p/a/resources' }],
        },
        { name: 'b', config: { POOL: 'small' }, jobPath: '/p/b/jobs', projectPath: '/p', datastores: [] },
      ],
    });
  });

  it('tells how plugins run, in the words of the server', () => {
    const sum = 'ab'.repeat(32);
    const plugin = `plugin: { dirs: [../plugins], auto_mtls: true, checksums: { optimus-neo_linux_amd64: ${sum} } }`;
    expect(parse(`version: 1\nproject: { name: n }\n${plugin}\n`).plugin).toEqual({
      dirs: ['/plugins'],
      autoMtls: true,
      checksums: { 'optimus-neo_linux_amd64': sum },
      allowForeignWriters: false,
      ignoreCurrentDirectory: false,
    });
    expect(() =>
      parse('version: 1\nproject: { name: n }\nplugin: { checksums: { a: 12 }, auto_mtls: maybe }\n'),
    ).toThrow(/plugin.checksums.a is not a SHA-256[^]*plugin.auto_mtls is "maybe"/);
  });

  it('is refused with every problem in it', () => {
    const text = 'version: 2\nhots: x\nproject: { name: a b }\nlog: { level: LOUD }\n';
    const problems = [
      'optimus.yaml:1:10 version must be 1',
      'optimus.yaml:2:1 unknown key "hots", did you mean "host"?',
      'optimus.yaml:3:18 project.name is refused: project name "a b" is not valid',
      'optimus.yaml:4:15 log.level is "LOUD", must be one of DEBUG, INFO, WARNING, WARN, ERROR, FATAL',
    ];
    expect(() => parse(text)).toThrow(['4 problems in 1 file', ...problems].join('\n'));
  });

  it('is refused when a limit is no number: it would limit nothing', () => {
    const limited = (limit: string) =>
      `version: 1\nproject: { name: n, config: { MAX_ACTIVE_RUNS: ${limit} } }\n`;
    expect(() => parse(limited('ten'))).toThrow(
      'optimus.yaml:2:48 project.config.MAX_ACTIVE_RUNS is "ten", must be a whole number; 0 lets nothing begin',
    );
    expect(parse(limited('0')).project.config).toEqual({ MAX_ACTIVE_RUNS: '0' });
  });

  it('is refused when a namespace is listed twice', () => {
    const text = 'version: 1\nproject: { name: n }\nnamespaces:\n  - name: a\n  - name: a\n';
    expect(() => parse(text)).toThrow('optimus.yaml:5:11 namespace "a" is listed twice');
  });
});

describe('looking for it', () => {
  it('takes the one of the working folder, or none', async () => {
    const cwd = await createTemporaryFolder();
    const source = { flags: new Flags({}), terminal: { cwd } };
    expect(await findClientConfig(source)).toBeUndefined();
    await expect(getClientConfig(source)).rejects.toMatchObject({
      hint: 'make one with: optimus init, or name one with --config',
    });
    await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML });
    expect(await findClientConfig(source)).toMatchObject({ project: { name: 'neo' } });
  });

  it('takes the one that is named, and no other', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'sub/o.yaml': OPTIMUS_YAML });
    const named = (config: string) => findClientConfig({ flags: new Flags({ config }), terminal: { cwd } });
    expect(await named('sub/o.yaml')).toMatchObject({
      namespaces: [{ jobPath: path.join(cwd, 'sub/team_a/jobs') }],
    });
    await expect(named('o.yaml')).rejects.toThrow('there is no file o.yaml');
  });
});

describe('picking namespaces', () => {
  const config = parse(
    'version: 1\nproject: { name: n }\nnamespaces: [{ name: team_a }, { name: team_b }]\n',
  );

  it('takes all of them when none is named', () => {
    expect(pickNamespaces(config, [], 'namespace')).toHaveLength(2);
  });

  it('suggests the nearest to a name that is not there', () => {
    expect(() => pickNamespaces(config, ['team_c'], 'namespace')).toThrow('did you mean "team_a"?');
  });
});
