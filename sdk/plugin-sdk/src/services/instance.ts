import type { Duration } from '@bufbuild/protobuf/wkt';
import { type InstanceSpecData, InstanceSpecData_Type, type TaskWindow } from '@optimus/proto/core';
import type { InstanceDatum, WindowSpec } from '../plugin.ts';

export function fromTaskWindow(window: TaskWindow | undefined): WindowSpec {
  return {
    sizeSeconds: toSeconds(window?.size),
    offsetSeconds: toSeconds(window?.offset),
    truncateTo: window?.truncateTo ?? '',
  };
}

export function fromInstanceData(data: ReadonlyArray<InstanceSpecData>): ReadonlyArray<InstanceDatum> {
  return data.map(({ name, value, type }) => ({
    name,
    value,
    type: type === InstanceSpecData_Type.FILE ? 'file' : 'env',
  }));
}

function toSeconds(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) + duration.nanos / 1e9;
}
