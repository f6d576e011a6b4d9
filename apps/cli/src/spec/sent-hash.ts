import { create } from '@bufbuild/protobuf';
import { type JobSpec, toJobContentHash } from '@optimus/domain';
import { core } from '@optimus/proto';
import { fromSpecMessage, toSpecMessage } from './job-spec-message.ts';

/** The hash that the server computes: of what arrives there, in which what is empty and what is absent are one. */
export function toSentHash(spec: JobSpec): string {
  return toJobContentHash(fromSpecMessage(create(core.JobSpecificationSchema, toSpecMessage(spec))));
}
