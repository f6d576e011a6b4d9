import { builtinModules } from 'node:module';
import path from 'node:path';
import { findImportRule, type ImportRule } from '../import-rules.ts';
import type { ModuleImport } from '../source/list-imports.ts';
import { isTestFile, type WorkspacePackage } from '../source/source-tree.ts';

/** An import with the place it stands in. */
export interface PlacedImport extends ModuleImport {
  /** Relative to the repository. */
  readonly file: string;
  /** The package the file belongs to; the repository's own for loose files. */
  readonly owner: WorkspacePackage;
  readonly isTest: boolean;
}

/** What an import is judged against. */
export interface Repository {
  readonly root: WorkspacePackage;
  readonly packages: readonly WorkspacePackage[];
  readonly rules: readonly ImportRule[];
}

const bareBuiltins = new Set(builtinModules.filter((name) => !name.startsWith('node:')));

/** What is wrong with an import, or undefined when nothing is. */
export function judgeImport(one: PlacedImport, repository: Repository): string | undefined {
  const { specifier } = one;
  if (specifier.startsWith('.')) return judgeRelative(one, repository);
  if (specifier.startsWith('node:')) return judgeBuiltin(one, repository);
  if (bareBuiltins.has(specifier)) return `imports ${specifier}: write node:${specifier}`;
  const target = repository.packages.find(({ name }) => name === packageName(specifier));
  return target ? judgeWorkspace(one, target, repository) : judgeDependency(one, repository);
}

/** Relative imports end at the package: beyond it only `exports` is a promise. */
function judgeRelative(
  { file, specifier, owner, isTest }: PlacedImport,
  { packages }: Repository,
): string | undefined {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const landed = packages.find(({ folder }) => target.startsWith(`${folder}/`));
  const inside = owner.folder === '' ? !landed : target.startsWith(`${owner.folder}/`);
  if (!inside) {
    const way = landed ? `import ${landed.name} through its exports` : 'move the code into a package';
    return `imports ${specifier}, which leaves ${owner.folder === '' ? 'the loose files' : owner.folder}: ${way}`;
  }
  // The rig of the journeys also carries the benchmarks; nothing of either is shipped.
  const fromTests = owner.folder === '' ? target.endsWith('.test.ts') : isTestFile(target);
  if (!isTest && fromTests) {
    return `imports ${specifier}: source does not depend on tests, or it would ship them`;
  }
  return undefined;
}

function judgeBuiltin({ specifier, owner, isTest }: PlacedImport, { rules }: Repository): string | undefined {
  const rule = findImportRule(rules, owner.folder);
  if (isTest || !rule?.builtins || rule.builtins.includes(specifier)) return undefined;
  return `imports ${specifier}: ${owner.folder} may use ${rule.builtins.join(', ') || 'none'} of Node; ${rule.reason}`;
}

function judgeWorkspace(
  one: PlacedImport,
  target: WorkspacePackage,
  { rules }: Repository,
): string | undefined {
  const { specifier, owner, kind, isTest } = one;
  const subpath = `.${specifier.slice(target.name.length)}`;
  if (!target.exports.has(subpath)) {
    return `imports ${specifier}: ${target.name} exports ${[...target.exports].join(', ')}; packages meet only there`;
  }
  if (owner.folder === '') return undefined;
  if (!isTest && subpath === './testing')
    return `imports ${specifier}: source does not depend on tests, or it would ship them`;
  if (target.name === owner.name) return undefined;
  const rule = findImportRule(rules, owner.folder);
  if (!rule) return `imports ${specifier}: ${owner.folder} has no rule; add one to scripts/import-rules.ts`;
  const packages = isTest ? [...rule.packages, ...(rule.tests ?? [])] : rule.packages;
  const allowed = packages.find(({ name }) => name === target.name);
  if (!allowed) return `imports ${specifier}: ${owner.folder} may import ${listNames(rule)}; ${rule.reason}`;
  if (allowed.how === 'lazy' && kind === 'static' && !isTest) {
    return `imports ${specifier} at load: use import() or import type; ${allowed.reason ?? rule.reason}`;
  }
  return judgeDeclaration(one, target.name);
}

function judgeDependency(one: PlacedImport, { root }: Repository): string | undefined {
  const name = packageName(one.specifier);
  // A tool of the whole repository, such as the test runner, is declared once at the root.
  const shared =
    (one.isTest || one.owner.folder === '') &&
    (root.devDependencies.has(name) || root.dependencies.has(name));
  return shared ? undefined : judgeDeclaration(one, name);
}

/** npm lays packages flat, so an undeclared import works here and breaks where the package is installed alone. */
function judgeDeclaration(
  { specifier, owner, kind, isTest }: PlacedImport,
  name: string,
): string | undefined {
  const development = isTest || kind === 'type' || owner.folder === '';
  const types = `@types/${name.replace(/^@(.*)\//, '$1__')}`;
  if (owner.dependencies.has(name)) return undefined;
  if (development && (owner.devDependencies.has(name) || owner.devDependencies.has(types))) return undefined;
  const manifest = path.posix.join(owner.folder, 'package.json');
  return `imports ${specifier}: ${name} is not declared in ${manifest}; it only works by accident of hoisting`;
}

function listNames({ packages }: ImportRule): string {
  return packages.map(({ name }) => name).join(', ') || 'no other package';
}

function packageName(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
