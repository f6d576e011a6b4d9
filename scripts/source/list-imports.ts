import { isSyntaxNode, type SourceFile, type SyntaxNode, walk } from './parse-source.ts';

/** How an import binds: `type` leaves nothing behind at run time, `lazy` is an `import()` expression. */
export type ImportKind = 'static' | 'type' | 'lazy';

/** One mention of another module. */
export interface ModuleImport {
  /** As written: `node:fs`, `./job.ts`, `@optimus/domain/testing`. */
  readonly specifier: string;
  readonly kind: ImportKind;
  /** Counted from 1. */
  readonly line: number;
}

/** Every import, re-export, `import()` and `import('…').Type` of a file. A computed `import()` cannot be judged and is left out. */
export function listImports(source: SourceFile): readonly ModuleImport[] {
  const imports: ModuleImport[] = [];
  walk(source.program, (node) => {
    const kind = importKind(node);
    const specifier = kind && isSyntaxNode(node.source) ? node.source.value : undefined;
    if (kind && typeof specifier === 'string')
      imports.push({ specifier, kind, line: source.lineAt(node.start) });
  });
  return imports;
}

/** `import { type A }` still loads the module; only `import type` does not. */
function importKind(node: SyntaxNode): ImportKind | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.importKind === 'type' ? 'type' : 'static';
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.exportKind === 'type' ? 'type' : 'static';
    case 'ImportExpression':
      return 'lazy';
    case 'TSImportType':
      return 'type';
    default:
      return undefined;
  }
}
