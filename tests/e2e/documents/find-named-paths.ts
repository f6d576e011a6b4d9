/**
 * The paths of this repository that a document names: targets of relative links, and code spans that begin with one
 * of its top folders.
 */
export function findNamedPaths(markdown: string, topNames: readonly string[]): readonly string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```$/gm, '');
  const links = [...prose.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, target = '']) => target);
  const spans = [...prose.matchAll(/`([^`\s*<>{}…]+)`/g)].map(([, span = '']) => span);
  const paths = spans.filter((span) => topNames.some((top) => span === top || span.startsWith(`${top}/`)));
  return [...new Set([...links, ...paths])];
}
