/** The closed set of kinds. A transport maps each to its own status and nothing else. */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'already_exists'
  | 'failed_precondition'
  | 'conflict'
  | 'unauthenticated'
  | 'permission_denied'
  | 'resource_exhausted'
  | 'deadline_exceeded'
  | 'cancelled'
  | 'unavailable'
  | 'unimplemented'
  | 'internal';

/** Every stable error code and its kind. `docs/errors.md` lists the same codes; a test holds the two equal. */
export const ERROR_KINDS = {
  PROJECT_NOT_FOUND: 'not_found',
  NAMESPACE_NOT_FOUND: 'not_found',
  JOB_NOT_FOUND: 'not_found',
  RUN_NOT_FOUND: 'not_found',
  INSTANCE_NOT_FOUND: 'not_found',
  LOG_NOT_FOUND: 'not_found',
  SECRET_NOT_FOUND: 'not_found',
  PLUGIN_NOT_FOUND: 'not_found',
  NOT_FOUND: 'not_found',
  SECRET_EXISTS: 'already_exists',
  JOB_EXISTS: 'already_exists',
  PLUGIN_EXISTS: 'already_exists',
  NAME_INVALID: 'invalid',
  REQUEST_INVALID: 'invalid',
  SPEC_INVALID: 'invalid',
  SCHEDULE_INVALID: 'invalid',
  WINDOW_INVALID: 'invalid',
  TEMPLATE_INVALID: 'invalid',
  TEMPLATE_FAILED: 'invalid',
  SECRET_INVALID: 'invalid',
  CONFIG_INVALID: 'invalid',
  DEPENDENCY_UNKNOWN: 'invalid',
  DEPENDENCY_CYCLE: 'invalid',
  PLUGIN_ANSWER_INVALID: 'invalid',
  PLUGIN_SOURCE_INVALID: 'invalid',
  JOB_NAME_TAKEN: 'conflict',
  VERSION_CONFLICT: 'conflict',
  FENCE_STALE: 'conflict',
  DATA_DIR_IN_USE: 'failed_precondition',
  DATABASE_TOO_NEW: 'failed_precondition',
  MIGRATION_REFUSED: 'failed_precondition',
  IMAGE_NOT_RUNNABLE: 'failed_precondition',
  JOB_NEEDED: 'failed_precondition',
  PRECONDITION_FAILED: 'failed_precondition',
  RUN_CHANGES_GONE: 'failed_precondition',
  SECRET_UNREADABLE: 'failed_precondition',
  PLUGIN_UNUSABLE: 'failed_precondition',
  PLUGIN_REFUSED: 'failed_precondition',
  TEMPLATE_TOO_LARGE: 'resource_exhausted',
  MESSAGE_TOO_LARGE: 'resource_exhausted',
  LISTENER_TOO_SLOW: 'resource_exhausted',
  TOO_MANY_LISTENERS: 'resource_exhausted',
  UNAUTHENTICATED: 'unauthenticated',
  PERMISSION_DENIED: 'permission_denied',
  FEATURE_UNSUPPORTED: 'unimplemented',
  METHOD_UNKNOWN: 'unimplemented',
  PLUGIN_TIMEOUT: 'deadline_exceeded',
  PLUGIN_CRASHED: 'unavailable',
  DOWNLOAD_FAILED: 'unavailable',
  DATABASE_UNAVAILABLE: 'unavailable',
  SERVER_UNREACHABLE: 'unavailable',
  SERVER_STOPPING: 'unavailable',
  CANCELLED: 'cancelled',
  DATABASE_FAILED: 'internal',
  EXECUTOR_FAILED: 'internal',
  INVARIANT_BROKEN: 'internal',
} as const satisfies Record<string, ErrorKind>;

/** A stable, documented identifier of one failure. */
export type ErrorCode = keyof typeof ERROR_KINDS;
