export * from './manage-secrets.ts';
export { parseSecretName, type SecretName, type SecretScope, type SecretSummary } from './secret.ts';
