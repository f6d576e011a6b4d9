import type { Platform } from '../discovery/platform.ts';

/** What the first bytes of a file say it is. */
export type ExecutableFormat =
  | { readonly kind: 'script'; readonly interpreter: string }
  | { readonly kind: 'binary'; readonly os: string; readonly arch: string }
  | { readonly kind: 'universal'; readonly os: 'darwin' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'unknown' };

const elfMachines: ReadonlyMap<number, string> = new Map([
  [3, '386'],
  [40, 'arm'],
  [62, 'amd64'],
  [183, 'arm64'],
]);
const machCpus: ReadonlyMap<number, string> = new Map([
  [0x01000007, 'amd64'],
  [0x0100000c, 'arm64'],
]);
const peMachines: ReadonlyMap<number, string> = new Map([
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
  [0x014c, '386'],
]);

/** Reads the format from the head of a file (4 KiB are enough); `size` is that of the whole file, in bytes. */
export function readExecutableFormat(head: Buffer, size: number): ExecutableFormat {
  if (head.subarray(0, 2).toString('latin1') === '#!')
    return { kind: 'script', interpreter: readShebang(head) };
  if (head.subarray(0, 4).toString('latin1') === '\x7fELF') return readElf(head, size);
  if (head.subarray(0, 2).toString('latin1') === 'MZ') return readPe(head);
  return head.byteLength >= 8 ? readMach(head) : { kind: 'unknown' };
}

/** Whether this machine can run the format, as far as the header tells. */
export function isNative(format: ExecutableFormat, platform: Platform): boolean {
  switch (format.kind) {
    case 'script':
      return platform.os !== 'windows';
    case 'binary':
      return format.os === platform.os && format.arch === platform.arch;
    case 'universal':
      return format.os === platform.os;
    default:
      return false;
  }
}

function readShebang(head: Buffer): string {
  const line = head.subarray(2).toString('utf8').split('\n', 1)[0] ?? '';
  return line.trimStart().split(/[ \t]/, 1)[0] ?? '';
}

/** The kernel refuses an ELF file whose program headers lie beyond its end, so that counts as truncated. */
function readElf(head: Buffer, size: number): ExecutableFormat {
  if (head.byteLength < 64) return { kind: 'truncated' };
  const is64 = head[4] === 2;
  const littleEndian = head[5] === 1;
  if (!littleEndian) return { kind: 'binary', os: 'linux', arch: 'big-endian' };
  const headersAt = is64 ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const headerBytes = head.readUInt16LE(is64 ? 54 : 42) * head.readUInt16LE(is64 ? 56 : 44);
  if (headersAt + headerBytes > size) return { kind: 'truncated' };
  const machine = head.readUInt16LE(18);
  return { kind: 'binary', os: 'linux', arch: elfMachines.get(machine) ?? `ELF machine ${machine}` };
}

function readMach(head: Buffer): ExecutableFormat {
  const magic = head.readUInt32BE(0);
  if (magic === 0xcafebabe) return { kind: 'universal', os: 'darwin' };
  if (magic !== 0xcffaedfe && magic !== 0xcefaedfe) return { kind: 'unknown' };
  const cpu = head.readUInt32LE(4);
  return { kind: 'binary', os: 'darwin', arch: machCpus.get(cpu) ?? `Mach-O CPU ${cpu}` };
}

function readPe(head: Buffer): ExecutableFormat {
  if (head.byteLength < 64) return { kind: 'truncated' };
  const headerAt = head.readUInt32LE(60);
  if (headerAt + 6 > head.byteLength) return { kind: 'truncated' };
  const machine = head.readUInt16LE(headerAt + 4);
  return { kind: 'binary', os: 'windows', arch: peMachines.get(machine) ?? `PE machine ${machine}` };
}
