import { type NamespaceName, type ProjectName, parseNamespaceName, parseProjectName } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { SecretCipher } from './secret-cipher.ts';

const project: ProjectName = parseProjectName('p');
const namespace: NamespaceName = parseNamespaceName('n');
const address = { project, name: 'API_KEY' };
const cipher = new SecretCipher('the key');

describe('a sealed secret', () => {
  it('opens to the same value, the empty one included', () => {
    for (const value of ['', 'a', 'ünïcødé 🌍\n', 'x'.repeat(100_000)]) {
      expect(cipher.decrypt(address, cipher.encrypt(address, value))).toBe(value);
    }
  });

  it('differs every time, so equal values cannot be told', () => {
    expect(cipher.encrypt(address, 'same').equals(cipher.encrypt(address, 'same'))).toBe(false);
  });

  it('does not open for another name, namespace or project', () => {
    const sealed = cipher.encrypt(address, 'value');
    for (const other of [
      { ...address, name: 'OTHER' },
      { ...address, namespace },
      { ...address, project: parseProjectName('q') },
    ]) {
      expect(() => cipher.decrypt(other, sealed)).toThrow('damaged or belongs to another secret');
    }
  });

  it('does not open after any of its bytes has changed', () => {
    const sealed = cipher.encrypt(address, 'value');
    for (let index = 0; index < sealed.length; index++) {
      const damaged = Buffer.from(sealed);
      damaged[index] = (damaged[index] ?? 0) ^ 1;
      expect(() => cipher.decrypt(address, damaged)).toThrow('cannot be decrypted');
    }
  });

  it('does not open under another key, and says that this is why', () => {
    const sealed = new SecretCipher('another key').encrypt(address, 'value');
    expect(() => cipher.decrypt(address, sealed)).toThrow('it was encrypted under another app_key');
  });

  it('opens under a previous key', () => {
    const sealed = cipher.encrypt(address, 'value');
    const rotated = new SecretCipher('a new key', ['the key']);
    expect(rotated.decrypt(address, sealed)).toBe('value');
    expect(() => cipher.decrypt(address, rotated.encrypt(address, 'value'))).toThrow('another app_key');
  });
});

describe('a digest', () => {
  it('is equal for equal values under one key, and tells nothing under another', () => {
    expect(cipher.digest('a')).toBe(cipher.digest('a'));
    expect(cipher.digest('a')).not.toBe(cipher.digest('b'));
    expect(cipher.digest('a')).not.toBe(new SecretCipher('another key').digest('a'));
    expect(cipher.digest('a')).toMatch(/^[0-9a-f]{32}$/);
  });
});
