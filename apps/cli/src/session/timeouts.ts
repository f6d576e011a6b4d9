/** How long a command that asks the server one thing may take. */
export const SHORT_TIMEOUT_MS = 30_000;

/** How long checking the jobs of a project may take. */
export const VALIDATE_TIMEOUT_MS = 5 * 60_000;

/** How long a deployment may take. */
export const DEPLOY_TIMEOUT_MS = 15 * 60_000;

/** How long the context of a run may take: templates and plugins work on it. */
export const CONTEXT_TIMEOUT_MS = 60_000;

/** How long encrypting all secrets of a server again may take. */
export const ROTATION_TIMEOUT_MS = 10 * 60_000;

/** How long a command on secrets may take. */
export const SECRET_TIMEOUT_MS = 2 * 60_000;
