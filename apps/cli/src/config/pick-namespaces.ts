import { OptimusError, toSuggestion } from '@optimus/domain';
import type { ClientConfig, NamespaceConfig } from './client-config.ts';

/** The namespaces of those names, or all when no name is given. @throws OptimusError `NAMESPACE_NOT_FOUND` naming the flag */
export function pickNamespaces(
  { namespaces, file }: ClientConfig,
  names: readonly string[],
  flag: string,
): readonly NamespaceConfig[] {
  if (names.length === 0) return namespaces;
  return names.map((name) => {
    const found = namespaces.find((namespace) => namespace.name === name);
    if (found) return found;
    const known = namespaces.map((namespace) => namespace.name);
    throw new OptimusError('NAMESPACE_NOT_FOUND', {
      message: `--${flag}: there is no namespace "${name}" in ${file}${toSuggestion(name, known)}`,
      hint: known.length === 0 ? 'add it to the file' : `its namespaces: ${known.join(', ')}`,
      fields: { flag, namespace: name },
    });
  });
}
