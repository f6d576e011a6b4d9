export { type Namespace, type NamespaceName, parseNamespaceName } from './namespace.ts';
export { getNamespace, listNamespaces, registerNamespace } from './register-namespace.ts';
