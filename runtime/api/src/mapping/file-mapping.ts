import { toSentAssets } from '@optimus/domain';

/** The fields of a context's message that hold its files. */
export function toFileFields(files: Readonly<Record<string, string>>) {
  const { texts, binaries } = toSentAssets(files);
  return { files: { ...texts }, binaryFiles: binaries };
}
