import type { MessageInitShape } from '@bufbuild/protobuf';
import type { JobWarning } from '@optimus/domain';
import type { core } from '@optimus/proto';

/** The message of a warning. */
export function toWarningMessage({
  name,
  place,
  ...told
}: JobWarning): MessageInitShape<typeof core.JobWarningSchema> {
  return { jobName: name, ...told, ...place };
}
