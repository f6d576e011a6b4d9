type Path = readonly PropertyKey[];

/** A copy of a plain value without what lies at the paths; what is not on their way is not copied. The items of a list move up. */
export function removePaths(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return {};
  const byStep = Map.groupBy(paths, ([step]) => String(step));
  if (byStep.size === 0) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => keepItem(item, byStep.get(String(index))));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      keepItem(item, byStep.get(key)).map((kept) => [key, kept] as const),
    ),
  );
}

function keepItem(item: unknown, paths: readonly Path[] | undefined): readonly unknown[] {
  if (!paths) return [item];
  if (paths.some((path) => path.length === 1)) return [];
  return [
    removePaths(
      item,
      paths.map((path) => path.slice(1)),
    ),
  ];
}
