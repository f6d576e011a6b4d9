/**
 * A file that is no text travels through the same maps as text: as base64 behind a mark that no text asset can begin with, since a
 * file with a NUL is binary. Templates, plugins and parsers never see it, and a task finds it byte for byte.
 */
const MARK = '\u0000base64,';

type Assets = Readonly<Record<string, string>>;

/** A binary file as the content of an asset. */
export function toBinaryAsset(bytes: Uint8Array): string {
  return `${MARK}${Buffer.from(bytes).toString('base64')}`;
}

/** Whether the content of an asset stands for bytes that are no text. */
export function isBinaryAsset(content: string): boolean {
  return content.startsWith(MARK);
}

/** What a file of this content holds: text as UTF-8. */
export function toAssetBytes(content: string): Buffer {
  return isBinaryAsset(content)
    ? Buffer.from(content.slice(MARK.length), 'base64')
    : Buffer.from(content, 'utf8');
}

/** How many bytes {@link toAssetBytes} answers, without making them. */
export function countAssetBytes(content: string): number {
  return isBinaryAsset(content)
    ? Buffer.byteLength(content.slice(MARK.length), 'base64')
    : Buffer.byteLength(content);
}

/** Assets that are text, and those that are not; the maps given are kept where nothing is taken out of them. */
export function splitAssets(assets: Assets): { readonly texts: Assets; readonly binaries: Assets } {
  const entries = Object.entries(assets);
  const binaries = entries.filter(([, content]) => isBinaryAsset(content));
  if (binaries.length === 0) return { texts: assets, binaries: {} };
  const texts = entries.filter(([, content]) => !isBinaryAsset(content));
  return { texts: Object.fromEntries(texts), binaries: Object.fromEntries(binaries) };
}

/** Assets in the two maps in which they travel: texts, and the bytes of binary files. */
export interface SentAssets {
  readonly texts: Assets;
  readonly binaries: Record<string, Uint8Array<ArrayBuffer>>;
}

/** Assets as they are sent. */
export function toSentAssets(assets: Assets): SentAssets {
  const { texts, binaries } = splitAssets(assets);
  const bytes = Object.entries(binaries).map(
    ([name, content]) => [name, new Uint8Array(toAssetBytes(content))] as const,
  );
  return { texts, binaries: Object.fromEntries(bytes) };
}

/** Assets as they were sent. A name in both maps is the binary one. */
export function fromSentAssets(texts: Assets, binaries: Readonly<Record<string, Uint8Array>>): Assets {
  const bytes = Object.entries(binaries);
  if (bytes.length === 0) return texts;
  return { ...texts, ...Object.fromEntries(bytes.map(([name, content]) => [name, toBinaryAsset(content)])) };
}
