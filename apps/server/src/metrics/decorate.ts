/** The target with some of its methods replaced. A class with private fields cannot be spread, and its methods want their own `this`. */
export function decorate<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(Object.hasOwn(replaced, name) ? replaced : target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
