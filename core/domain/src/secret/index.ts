export * from './list-masked-values.ts';
export * from './manage-secrets.ts';
export * from './masking/index.ts';
export * from './plugin-secret.ts';
export {
  type KeyRotation,
  parseSecretName,
  type SecretName,
  type SecretScope,
  type SecretSummary,
} from './secret.ts';
