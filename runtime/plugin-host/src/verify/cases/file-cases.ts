import { thisPlatform } from '../../inspection/inspect-plugin.ts';
import type { PluginIdentity } from '../../plugin-failure.ts';
import { vetPluginFile } from '../../vetting/vet-plugin-file.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { findFileNameProblem } from '../judge-info.ts';

/** A file, before anything of it runs. */
export interface FileSubject {
  readonly plugin: PluginIdentity;
  readonly allowForeignWriters: boolean;
}

const { os, arch } = thisPlatform;

/** Whether hosts find it by its name. */
export const fileNameCase: ConformanceCase<FileSubject> = {
  id: 'file.name',
  expects: 'is called as hosts look for plugins',
  mend: `call it optimus-<name>_<version>_${os}_${arch}, or optimus-plugin-<name>.yaml`,
  check({ plugin }) {
    const failed = findFileNameProblem(plugin.path, thisPlatform);
    return failed === undefined ? undefined : { failed };
  },
};

/** Whether hosts run it at all. */
export const fileVettingCase: ConformanceCase<FileSubject> = {
  id: 'file.vetting',
  expects: 'is a program for this machine that nobody else can change',
  mend: 'build it for this machine, and let only its owner write it',
  check({ plugin, allowForeignWriters }) {
    vetPluginFile(plugin, { platform: thisPlatform, allowForeignWriters });
    return undefined;
  },
};
