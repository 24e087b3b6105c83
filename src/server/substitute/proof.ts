/** Name of the file in the folder of a substitution that says that the package was asked for. */
export function proofOfUse(name: string): string {
  return `used-${encodeURIComponent(name)}`;
}
