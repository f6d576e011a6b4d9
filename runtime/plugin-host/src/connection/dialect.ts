/**
 * The names under which a plugin serves the Optimus services. Their messages are the same on the wire, and the
 * handshake does not tell which is spoken.
 */
export interface Dialect {
  readonly name: string;
  /** Absent in those that tell but a name: what else there is to know of the plugin stands in a YAML file. */
  readonly base: string | undefined;
  readonly cli: string;
  readonly dependencyResolver: string;
  /** The service that has the method CompileAssets. */
  readonly compileAssets: string;
}

/** What servers spoke in 2022, and our own SDK first of all. */
const v1beta1 = createFullDialect('odpf.optimus.plugins.v1beta1', {
  base: 'odpf.optimus.plugins.v1beta1.BaseService',
  cli: 'odpf.optimus.plugins.v1beta1.CLIModService',
  dependencyResolver: 'odpf.optimus.plugins.v1beta1.DependencyResolverModService',
});

/** The protocol of 2021, which the guide to writing plugins links. */
const unversioned = createFullDialect('odpf.optimus.plugins', {
  base: 'odpf.optimus.plugins.Base',
  cli: 'odpf.optimus.plugins.CLIMod',
  dependencyResolver: 'odpf.optimus.plugins.DependencyResolverMod',
});

/** From the end of 2022 on programs only resolved dependencies and compiled assets. */
const resolverOnly = ['raystack', 'gotocompany', 'odpf'].map(createResolverDialect);

const dialects: ReadonlyArray<Dialect> = [v1beta1, unversioned, ...resolverOnly];

/** The dialects to try, best first. Without reflection (`services` undefined) that is every one. */
export function listCandidateDialects(services: ReadonlyArray<string> | undefined): ReadonlyArray<Dialect> {
  if (services === undefined) return dialects;
  return dialects.filter(({ base, dependencyResolver }) => services.includes(base ?? dependencyResolver));
}

function createFullDialect(
  name: string,
  services: { readonly base: string; readonly cli: string; readonly dependencyResolver: string },
): Dialect {
  return { name, ...services, compileAssets: services.cli };
}

function createResolverDialect(organization: string): Dialect {
  const name = `${organization}.optimus.plugins.v1beta1`;
  const service = `${name}.DependencyResolverModService`;
  return { name, base: undefined, cli: service, dependencyResolver: service, compileAssets: service };
}
