import { BackupService } from './gen/odpf/optimus/core/v1beta1/backup_pb.ts';
import { JobChangeService } from './gen/odpf/optimus/core/v1beta1/job_change_pb.ts';
import { JobLineageService } from './gen/odpf/optimus/core/v1beta1/job_lineage_pb.ts';
import { JobRunService } from './gen/odpf/optimus/core/v1beta1/job_run_pb.ts';
import { JobSpecificationService } from './gen/odpf/optimus/core/v1beta1/job_spec_pb.ts';
import { NamespaceService } from './gen/odpf/optimus/core/v1beta1/namespace_pb.ts';
import { ProjectService } from './gen/odpf/optimus/core/v1beta1/project_pb.ts';
import { ReplayService } from './gen/odpf/optimus/core/v1beta1/replay_pb.ts';
import { ResourceService } from './gen/odpf/optimus/core/v1beta1/resource_pb.ts';
import { RuntimeService } from './gen/odpf/optimus/core/v1beta1/runtime_pb.ts';
import { SecretService } from './gen/odpf/optimus/core/v1beta1/secret_pb.ts';

export * from './gen/odpf/optimus/core/v1beta1/backup_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/job_change_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/job_lineage_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/job_run_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/job_spec_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/namespace_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/project_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/replay_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/resource_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/runtime_pb.ts';
export * from './gen/odpf/optimus/core/v1beta1/secret_pb.ts';

/** Every service of the server's API (package `odpf.optimus.core.v1beta1`), for registration, reflection and transcoding. */
export const services = [
  RuntimeService,
  ProjectService,
  NamespaceService,
  SecretService,
  JobSpecificationService,
  JobChangeService,
  JobLineageService,
  JobRunService,
  ResourceService,
  ReplayService,
  BackupService,
] as const;
