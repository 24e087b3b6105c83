/** Path of a null (`latencyUs.p99`) → why it is null. A reason given for an object holds for everything in it. */
export type NotMeasured = Record<string, string>;

/** Why the figure at `path` is null: the reason of the path itself or of the nearest object around it. */
export function reasonFor(notMeasured: Readonly<NotMeasured>, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    if (Object.hasOwn(notMeasured, at)) return notMeasured[at];
  }
  return undefined;
}

/** Paths of every null inside plain data, such as `latencyUs.p99`; arrays are not looked into. */
export function nullPaths(value: unknown, path = ''): string[] {
  if (value === null) return [path];
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => nullPaths(item, path === '' ? key : `${path}.${key}`));
}
