import { describe, expect, test } from 'vitest';
import { importRules } from '../import-rules.ts';
import { createRepository, manifestOf, rootManifest } from '../testing/temporary-repository.ts';
import { findFileCycles, findViolations } from './find-violations.ts';

const packages = {
  'core/domain': '@optimus/domain',
  'core/compiler': '@optimus/compiler',
  'core/resolver': '@optimus/resolver',
  'runtime/store': '@optimus/store',
  'runtime/scheduler': '@optimus/scheduler',
  'runtime/plugin-host': '@optimus/plugin-host',
  'apps/server': '@optimus/server',
  'apps/cli': '@optimus/cli',
  'sdk/plugin-sdk': '@optimus/plugin-sdk',
  'plugins/neo': '@optimus/plugin-neo',
  proto: '@optimus/proto',
};

/** What the rules say about one file in a repository where every package declares every other. */
function judge(files: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.values(packages);
  const manifests = Object.entries(packages).map(([folder, name]) => [
    `${folder}/package.json`,
    manifestOf(name, names),
  ]);
  const root = createRepository({ 'package.json': rootManifest, ...Object.fromEntries(manifests), ...files });
  const { violations } = findViolations({ root, rules: importRules });
  return violations.map(({ file, line, message }) => `${file}:${line} ${message}`);
}

describe('direction', () => {
  test.each([
    ['core/domain/src/a.ts', '@optimus/compiler'],
    ['core/compiler/src/a.ts', '@optimus/resolver'],
    ['core/resolver/src/a.ts', '@optimus/compiler'],
    ['core/compiler/src/a.ts', '@optimus/proto'],
    ['runtime/store/src/a.ts', '@optimus/scheduler'],
    ['runtime/scheduler/src/a.ts', '@optimus/store'],
    ['runtime/scheduler/src/a.ts', '@optimus/server'],
    ['sdk/plugin-sdk/src/a.ts', '@optimus/domain'],
    ['plugins/neo/src/a.ts', '@optimus/domain'],
    ['plugins/neo/src/a.ts', '@optimus/proto'],
    ['proto/src/a.ts', '@optimus/domain'],
    ['apps/server/src/a.ts', '@optimus/cli'],
    ['apps/server/src/a.ts', '@optimus/plugin-neo'],
    ['apps/cli/src/a.ts', '@optimus/store'],
  ])('refuses %s importing %s', (file, specifier) => {
    expect(judge({ [file]: `import { x } from '${specifier}';` })).toEqual([
      expect.stringContaining(`${file}:1 imports ${specifier}: `),
    ]);
  });

  test.each([
    ['core/compiler/src/a.ts', '@optimus/domain'],
    ['runtime/scheduler/src/a.ts', '@optimus/compiler'],
    ['apps/server/src/a.ts', '@optimus/store'],
    ['apps/cli/src/a.ts', '@optimus/plugin-host'],
    ['sdk/plugin-sdk/src/a.ts', '@optimus/proto'],
    ['plugins/neo/src/a.ts', '@optimus/plugin-sdk'],
  ])('lets %s import %s', (file, specifier) => {
    expect(judge({ [file]: `import { x } from '${specifier}';` })).toEqual([]);
  });

  test('says what is allowed and why the rest is not', () => {
    expect(judge({ 'runtime/store/src/a.ts': "\nexport { x } from '@optimus/scheduler';" })).toEqual([
      'runtime/store/src/a.ts:2 imports @optimus/scheduler: runtime/store may import @optimus/domain; ' +
        'siblings of runtime do not know each other: each is replaced alone, and only an app composes them',
    ]);
  });

  test.each([
    ["import type { X } from '@optimus/store';"],
    ["export * from '@optimus/store';"],
    ["const x = await import('@optimus/store');"],
    ["export type X = import('@optimus/store').X;"],
  ])('sees through every form of import: %s', (code) => {
    expect(judge({ 'core/domain/src/a.ts': code })).toHaveLength(1);
  });

  test('refuses a package that the table does not know', () => {
    const found = judge({
      'apps/desk/package.json': JSON.stringify(manifestOf('@optimus/desk', ['@optimus/domain'])),
      'apps/desk/src/a.ts': "import '@optimus/domain';",
    });
    expect(found).toEqual([expect.stringContaining('apps/desk has no rule')]);
  });
});

describe('lazy imports', () => {
  test('refuse loading the server with the command', () => {
    expect(judge({ 'apps/cli/src/a.ts': "import { serve } from '@optimus/server';" })).toEqual([
      expect.stringContaining('imports @optimus/server at load: use import() or import type'),
    ]);
  });

  test('let the command load the server when it is asked to serve', () => {
    const code =
      "import type { Server } from '@optimus/server';\nconst { serve } = await import('@optimus/server');";
    expect(judge({ 'apps/cli/src/a.ts': code })).toEqual([]);
  });
});

describe('input and output', () => {
  test('are refused in the core', () => {
    expect(judge({ 'core/compiler/src/a.ts': "import { readFile } from 'node:fs/promises';" })).toEqual([
      expect.stringContaining('core/compiler may use node:crypto of Node'),
    ]);
  });

  test('are allowed in the tests of the core, and hashing everywhere', () => {
    expect(
      judge({
        'core/compiler/src/a.test.ts': "import { readFileSync } from 'node:fs';",
        'core/domain/src/a.ts': "import { createHash } from 'node:crypto';",
      }),
    ).toEqual([]);
  });

  test('are asked for by their full name', () => {
    expect(judge({ 'runtime/store/src/a.ts': "import fs from 'fs';" })).toEqual([
      expect.stringContaining('write node:fs'),
    ]);
  });
});

describe('the border of a package', () => {
  test('is crossed only at its exports', () => {
    expect(judge({ 'runtime/store/src/a.ts': "import { Job } from '@optimus/domain/src/job.ts';" })).toEqual([
      expect.stringContaining('@optimus/domain exports ., ./testing; packages meet only there'),
    ]);
  });

  test('is not crossed by a relative import', () => {
    expect(
      judge({ 'runtime/store/src/a.ts': "import { Job } from '../../../core/domain/src/job.ts';" }),
    ).toEqual([expect.stringContaining('leaves runtime/store: import @optimus/domain through its exports')]);
  });

  test('holds for journeys and scripts as well', () => {
    expect(judge({ 'tests/e2e/a.test.ts': "import { Job } from '../../core/domain/src/job.ts';" })).toEqual([
      expect.stringContaining('import @optimus/domain through its exports'),
    ]);
  });

  test('leaves a package free inside', () => {
    expect(
      judge({
        'runtime/store/src/a/a.ts': "import '../b.ts';",
        'runtime/store/src/b.ts': '',
        'tests/e2e/a.test.ts': "import '../fixtures/feed.ts';",
      }),
    ).toEqual([]);
  });
});

describe('tests', () => {
  test.each([["import { x } from './a.test.ts';"], ["import { x } from '@optimus/domain/testing';"]])(
    'are not what source is built on: %s',
    (code) => {
      expect(judge({ 'runtime/store/src/a.ts': code })).toEqual([
        expect.stringContaining('source does not depend on tests'),
      ]);
    },
  );

  test('may use conformance suites and the tools of the repository', () => {
    const code = "import { test } from 'vitest';\nimport { checkStore } from '@optimus/domain/testing';";
    expect(judge({ 'runtime/store/src/a.test.ts': code })).toEqual([]);
  });
});

describe('siblings of runtime', () => {
  const code = "import { createStore } from '@optimus/store';";

  test('meet in a test where the table says why', () => {
    expect(judge({ 'runtime/scheduler/src/a.test.ts': code })).toEqual([]);
  });

  test('do not meet in other tests', () => {
    expect(judge({ 'runtime/plugin-host/src/a.test.ts': code })).toEqual([
      expect.stringContaining('siblings of runtime do not know each other'),
    ]);
  });
});

test('benchmarks may stand on the rig of the journeys, and not on a test', () => {
  const found = judge({
    'bench/a.bench.ts': "import '../tests/e2e/stage/stage.ts';\nimport '../tests/e2e/demo.test.ts';",
  });
  expect(found).toEqual([expect.stringContaining('bench/a.bench.ts:2')]);
});

describe('dependencies', () => {
  test('must be declared by the package that imports them', () => {
    expect(judge({ 'runtime/store/src/a.ts': "import pg from 'pg';" })).toEqual([
      'runtime/store/src/a.ts:1 imports pg: pg is not declared in runtime/store/package.json; ' +
        'it only works by accident of hoisting',
    ]);
  });

  test('count scoped names and subpaths as one package', () => {
    expect(judge({ 'runtime/store/src/a.ts': "import { x } from '@scope/name/sub';" })).toEqual([
      expect.stringContaining('@scope/name is not declared'),
    ]);
  });

  test('of the repository do not serve the source of a package', () => {
    expect(judge({ 'runtime/store/src/a.ts': "import { test } from 'vitest';" })).toHaveLength(1);
  });
});

describe('cycles', () => {
  test('are refused, with every file of the ring', () => {
    const found = judge({
      'core/domain/src/a.ts': "import { b } from './b.ts';",
      'core/domain/src/b.ts': "export { c } from './c.ts';",
      'core/domain/src/c.ts': "const a = () => import('./a.ts');",
    });
    expect(found).toEqual([
      expect.stringContaining(
        'import cycle: core/domain/src/a.ts, core/domain/src/b.ts, core/domain/src/c.ts',
      ),
    ]);
  });

  test('of types alone are none', () => {
    const root = createRepository({
      'package.json': rootManifest,
      'core/domain/package.json': manifestOf('@optimus/domain'),
      'core/domain/src/a.ts': "import type { B } from './b.ts';",
      'core/domain/src/b.ts': "import { a } from './a.ts';",
    });
    expect(findFileCycles(root)).toEqual([]);
  });
});

test('generated code and fixtures are left alone', () => {
  expect(
    judge({
      'proto/src/gen/a.ts': "import '@optimus/domain';",
      'tests/fixtures/a.ts': "import 'nowhere';",
    }),
  ).toEqual([]);
});
