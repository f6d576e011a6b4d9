import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of a new plugin: path relative to its folder, to text. */
export type TemplateFiles = ReadonlyMap<string, string>;

/** Templates do not end as what they are: neither this project's tools nor a bundle shall take them for its own code. */
const SUFFIX = '.tmpl';

/** Reads a template and fills in its values, `%name%` for each. Names that begin with `dot-` get their dot. */
export async function renderTemplate(
  template: 'repository' | 'typescript' | 'go' | 'wrapper',
  values: Readonly<Record<string, string>>,
): Promise<TemplateFiles> {
  const folder = fileURLToPath(new URL(`../template/${template}`, import.meta.url));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX));
  const rendered = files.map(async (entry): Promise<[string, string]> => {
    const file = path.join(entry.parentPath, entry.name);
    return [toTargetName(path.relative(folder, file)), fillIn(await readFile(file, 'utf8'), values)];
  });
  return new Map(await Promise.all(rendered));
}

function toTargetName(file: string): string {
  const parts = file.slice(0, -SUFFIX.length).split(path.sep);
  return parts.map((part) => part.replace(/^dot-/, '.')).join('/');
}

function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%([a-z]+)%/g, (whole, name: string) => values[name] ?? whole);
}
