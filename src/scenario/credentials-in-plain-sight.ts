/** Names under which credentials travel: of headers, of parameters in a URL, of variables in front of a command. */
const NAMES =
  /(?:^|[?&\s;{,"'])((?:proxy-)?authorization|cookie|[\w.-]*(?:token|secret|passw(?:or)?d|api-?key|credential|signature)[\w.-]*)["']?\s*[:=]\s*["']?([^{&\s"'][^&\s"']*(?: [^&\s"']+)?)/i;

/**
 * Why a text must not stand in a scenario or on a command line as it does: it holds a credential, and both are kept.
 * Never repeats it. `undefined`: it holds none, or takes it from the environment.
 */
export function secretProblem(text: string): string | undefined {
  const [, name, value = ''] = NAMES.exec(text) ?? [];
  if (name === undefined || value.includes('${')) return undefined;
  return `without a credential in it: write \${NAME} for the value of \`${name}\`, and it is read from the environment`;
}
