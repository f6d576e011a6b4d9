import { BaseService } from './gen/odpf/optimus/plugins/v1beta1/base_pb.ts';
import { CLIModService } from './gen/odpf/optimus/plugins/v1beta1/cli_pb.ts';
import { DependencyResolverModService } from './gen/odpf/optimus/plugins/v1beta1/dependency_resolver_pb.ts';

export * from './gen/odpf/optimus/plugins/v1beta1/base_pb.ts';
export * from './gen/odpf/optimus/plugins/v1beta1/cli_pb.ts';
export * from './gen/odpf/optimus/plugins/v1beta1/dependency_resolver_pb.ts';

/** Among the API versions a plugin tells: it takes requests of any size. All others are taken to stop at 4 MiB. */
export const largeRequests = 'large-requests';

/** Every service a plugin may offer (package `odpf.optimus.plugins.v1beta1`). */
export const services = [BaseService, CLIModService, DependencyResolverModService] as const;
