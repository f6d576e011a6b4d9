/**
 * The names under which a plugin serves the three Optimus services. Their messages are the same on the wire, and the
 * handshake does not tell which is spoken.
 */
export interface Dialect {
  readonly name: string;
  readonly base: string;
  readonly cli: string;
  readonly dependencyResolver: string;
}

/** What servers spoke from 2022 on, and our own SDK first of all. */
const v1beta1: Dialect = {
  name: 'odpf.optimus.plugins.v1beta1',
  base: 'odpf.optimus.plugins.v1beta1.BaseService',
  cli: 'odpf.optimus.plugins.v1beta1.CLIModService',
  dependencyResolver: 'odpf.optimus.plugins.v1beta1.DependencyResolverModService',
};

/** The protocol of 2021, which the guide to writing plugins links. */
const unversioned: Dialect = {
  name: 'odpf.optimus.plugins',
  base: 'odpf.optimus.plugins.Base',
  cli: 'odpf.optimus.plugins.CLIMod',
  dependencyResolver: 'odpf.optimus.plugins.DependencyResolverMod',
};

const dialects: ReadonlyArray<Dialect> = [v1beta1, unversioned];

/** The dialects to try, best first. Without reflection (`services` undefined) that is every one. */
export function listCandidateDialects(services: ReadonlyArray<string> | undefined): ReadonlyArray<Dialect> {
  return services === undefined ? dialects : dialects.filter(({ base }) => services.includes(base));
}
