/** A package that a folder's code may import, and how. */
export interface AllowedPackage {
  readonly name: string;
  /** `lazy`: by `import()` or `import type` alone, so that it costs nothing until it is used. Default: any way. */
  readonly how?: 'lazy';
  /** Why an import that leaves the usual direction is allowed. */
  readonly reason?: string;
}

/** What the code of one package may import. Every rule says why it bans the rest. */
export interface ImportRule {
  /** Package folder, `*` for one path segment: `runtime/*`. The first rule that matches holds. */
  readonly folder: string;
  /** Workspace packages; all others are banned. */
  readonly packages: readonly AllowedPackage[];
  /** What its tests may import besides; each says why the real thing is needed. */
  readonly tests?: readonly AllowedPackage[];
  /** Node's own modules, where not all are allowed. Tests are free in this. */
  readonly builtins?: readonly string[];
  /** Why everything else is banned. */
  readonly reason: string;
}

const domain = { name: '@optimus/domain' };
const compiler = { name: '@optimus/compiler' };
const resolver = { name: '@optimus/resolver' };
const spec = { name: '@optimus/spec' };
const proto = { name: '@optimus/proto' };
const sdk = { name: '@optimus/plugin-sdk' };

/** Sealing and hashing are pure functions of their input; everything else Node offers is I/O or state. */
const pureBuiltins = ['node:crypto'];

const siblings =
  'siblings of runtime do not know each other: each is replaced alone, and only an app composes them';

/**
 * Who may import whom: `apps → runtime → core/{compiler,resolver} → core/domain → nothing`, `plugins → sdk → proto`.
 * scripts/check-imports.ts holds the tree to it.
 */
export const importRules: readonly ImportRule[] = [
  {
    folder: 'core/domain',
    packages: [],
    builtins: pureBuiltins,
    reason: 'everything may import the domain, so it imports nothing of ours and does no I/O',
  },
  {
    folder: 'core/spec',
    packages: [domain],
    tests: [
      {
        ...compiler,
        reason: 'whether a window can be computed is the rule that specifications are checked by',
      },
    ],
    builtins: [],
    reason:
      'the language of specifications is pure: the command, the builder and editors read files their own way',
  },
  {
    folder: 'core/*',
    packages: [domain],
    builtins: pureBuiltins,
    reason: 'the compiler and the resolver are pure, and each is understood without the other',
  },
  {
    folder: 'proto',
    packages: [],
    reason: 'the wire format is shared with programs that have nothing else of ours',
  },
  {
    folder: 'runtime/store',
    packages: [domain],
    reason: siblings,
  },
  {
    folder: 'runtime/executors',
    packages: [domain],
    reason: siblings,
  },
  {
    folder: 'runtime/scheduler',
    packages: [domain, compiler],
    tests: [
      { name: '@optimus/store', reason: 'what survives a crash is a promise about the real database' },
      { name: '@optimus/executors', reason: 'an attempt found again after a crash is a real process' },
    ],
    reason: siblings,
  },
  {
    folder: 'runtime/sql-lineage',
    packages: [domain, resolver],
    tests: [{ name: '@optimus/store', reason: 'what survives a crash is a promise about the real database' }],
    reason: siblings,
  },
  {
    folder: 'runtime/*',
    packages: [domain, compiler, resolver, proto],
    reason: siblings,
  },
  {
    folder: 'sdk/job-sdk',
    packages: [domain, compiler, spec],
    reason:
      'a job written in code is a job.yaml: it is made and checked by the language itself, without a server',
  },
  {
    folder: 'sdk/*',
    packages: [proto],
    reason: 'a plugin author installs the SDK alone: it knows the wire protocol and nothing of the core',
  },
  {
    folder: 'plugins/*',
    packages: [sdk],
    reason: 'a bundled plugin is the example an author copies, and an author has only the SDK',
  },
  {
    folder: 'apps/server',
    packages: [
      domain,
      compiler,
      resolver,
      proto,
      { name: '@optimus/store' },
      { name: '@optimus/api' },
      { name: '@optimus/plugin-host' },
      { name: '@optimus/scheduler' },
      { name: '@optimus/executors' },
      { name: '@optimus/sql-lineage' },
    ],
    reason: 'the server composes the runtime; it knows no other app and no plugin',
  },
  {
    folder: 'apps/cli',
    packages: [
      domain,
      compiler,
      resolver,
      spec,
      proto,
      sdk,
      {
        name: '@optimus/plugin-host',
        reason: '`optimus job create` asks the plugins on the client their questions',
      },
      {
        name: '@optimus/server',
        how: 'lazy',
        reason: '`optimus serve` starts it; every other command must not load it',
      },
    ],
    reason:
      'the command talks to the server over the wire: what it needs of the runtime goes through the API',
  },
  {
    folder: 'apps/web',
    packages: [proto],
    reason: 'the browser sees the API and nothing behind it',
  },
];

/** The rule of a package folder, or undefined when the table has none. */
export function findImportRule(rules: readonly ImportRule[], folder: string): ImportRule | undefined {
  return rules.find((rule) => matchesFolder(rule.folder, folder));
}

function matchesFolder(pattern: string, folder: string): boolean {
  const wanted = pattern.split('/');
  const found = folder.split('/');
  return (
    wanted.length === found.length && wanted.every((part, index) => part === '*' || part === found[index])
  );
}
