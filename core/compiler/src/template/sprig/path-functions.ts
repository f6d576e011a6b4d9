import { defineFunction, type TemplateFunction, text } from '../functions/template-function.ts';

/** Sprig's paths. Files' are those of a Unix system, wherever the server runs, so both sets are one. */
export const pathFunctions: readonly TemplateFunction[] = [
  ...['base', 'osBase'].map((name) => defineFunction(name, [text], toBase)),
  ...['dir', 'osDir'].map((name) => defineFunction(name, [text], toFolder)),
  ...['clean', 'osClean'].map((name) => defineFunction(name, [text], cleanPath)),
  ...['ext', 'osExt'].map((name) => defineFunction(name, [text], toExtension)),
  ...['isAbs', 'osIsAbs'].map((name) => defineFunction(name, [text], (path) => path.startsWith('/'))),
];

/** Go's `path.Clean`: no empty, `.` or needless `..` steps; the empty path is `.`. */
function cleanPath(path: string): string {
  const isRooted = path.startsWith('/');
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    const canGoUp = steps.length > 0 && steps.at(-1) !== '..';
    if (step !== '..') steps.push(step);
    else if (canGoUp) steps.pop();
    else if (!isRooted) steps.push(step);
  }
  return (isRooted ? '/' : '') + steps.join('/') || '.';
}

function toBase(path: string): string {
  if (path === '') return '.';
  const end = trimSlashes(path);
  return end === '' ? '/' : end.slice(end.lastIndexOf('/') + 1);
}

// By index: a pattern anchored at the end takes quadratic time on long runs of slashes.
function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function toFolder(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}

function toExtension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
