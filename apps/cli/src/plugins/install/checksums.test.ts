import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import { assertChecksum, findListedChecksum, parseChecksumFlag } from './checksums.ts';

const sum = 'AB'.repeat(32);
const helloSum = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

describe('a sum', () => {
  it('is given with or without its method', () => {
    expect(parseChecksumFlag(`sha256:${sum}`)).toBe(sum.toLowerCase());
    expect(parseChecksumFlag(sum)).toBe(sum.toLowerCase());
  });

  it.each(['', 'md5:ab', `sha256:${sum}0`, 'sha256:xy'])('is refused as %j, naming the flag', (value) => {
    expect(() => parseChecksumFlag(value)).toThrow('--checksum is');
  });

  it('is found in a list by the name of the file alone', () => {
    const list = `${'00'.repeat(32)}  neo_2.tar.gz\r\n${sum} *./dist/neo_1.tar.gz\n`;
    expect(findListedChecksum(list, 'neo_1.tar.gz')).toBe(sum.toLowerCase());
    expect(findListedChecksum(list, 'neo_2.tar.gz')).toBe('00'.repeat(32));
    expect(findListedChecksum(list, 'neo_3.tar.gz')).toBeUndefined();
  });

  it('holds the file, or both sums are named', async () => {
    const folder = await createTemporaryFolder();
    await writeFiles(folder, { file: 'hello' });
    const file = path.join(folder, 'file');
    await assertChecksum(file, { sha256: helloSum, source: '--checksum' }, 'it');
    const other = { sha256: '00'.repeat(32), source: 'checksums.txt' };
    await expect(assertChecksum(file, other, 'neo.zip')).rejects.toMatchObject({
      code: 'PLUGIN_SOURCE_INVALID',
      message: `neo.zip has the SHA-256 ${helloSum}, but checksums.txt says ${other.sha256}; nothing was installed`,
    });
  });
});
