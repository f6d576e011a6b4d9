import { expect, it } from 'vitest';
import { findCgroupPlaces } from './cgroup-place.ts';

const V1 = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
`;
const V2 = '30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const V2_BESIDE = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n';
const MEMBER_OF_V1 = '4:memory:/a/b\n1:cpu,cpuacct:/a\n9:name=systemd:/\n';

it('is found in a hierarchy of its own for each controller', () => {
  expect(findCgroupPlaces(MEMBER_OF_V1, V1)).toEqual({
    memory: { version: 1, path: '/sys/fs/cgroup/memory/a/b' },
    cpu: { version: 1, path: '/sys/fs/cgroup/cpu,cpuacct/a' },
  });
});

it('is found in the one hierarchy of version 2', () => {
  const place = { version: 2, path: '/sys/fs/cgroup/system.slice/optimus.service' };
  expect(findCgroupPlaces('0::/system.slice/optimus.service\n', V2)).toEqual({ memory: place, cpu: place });
});

it('is found in version 1 for what belongs there, when both are mounted', () => {
  expect(findCgroupPlaces(`4:memory:/a\n0::/b\n`, V1 + V2_BESIDE)).toEqual({
    memory: { version: 1, path: '/sys/fs/cgroup/memory/a' },
    cpu: { version: 2, path: '/sys/fs/cgroup/unified/b' },
  });
});

it('is found below what a container sees of a hierarchy', () => {
  const mountinfo = '35 31 0:32 /docker/c1 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n';
  expect(findCgroupPlaces('4:memory:/docker/c1/a\n', mountinfo)).toEqual({
    memory: { version: 1, path: '/sys/fs/cgroup/memory/a' },
  });
});

it.each([
  ['the cgroup lies outside of what is mounted', '0::/../../a\n', V2],
  ['another part is mounted', '4:memory:/docker/c2\n', V1.replace('0:32 / ', '0:32 /docker/c1 ')],
  ['nothing is mounted', '0::/a\n', ''],
  ['the system has no cgroups', '', ''],
])('is not found when %s', (_, cgroup, mountinfo) => {
  expect(findCgroupPlaces(cgroup, mountinfo)).toEqual({});
});

it('may have colons and blanks in its path', () => {
  const mountinfo = V2.replace('/sys/fs/cgroup', '/sys/my\\040cgroups');
  const place = { version: 2, path: '/sys/my cgroups/a:b c' };
  expect(findCgroupPlaces('0::/a:b c\n', mountinfo)).toEqual({ memory: place, cpu: place });
});
