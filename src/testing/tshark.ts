import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Values of fields in each packet of a capture, as tshark dissects it; a field may have several in a packet, or none. */
export async function tsharkFields<Field extends string>(
  file: string,
  fields: readonly Field[],
  options: readonly string[] = [],
): Promise<Record<Field, string[]>[]> {
  const wanted = fields.flatMap((field) => ['-e', field]);
  const shape = ['-T', 'fields', '-E', 'separator=/t', '-E', 'aggregator=|'];
  const stdout = await tshark(['-n', '-r', file, ...options, ...shape, ...wanted]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const columns = line.split('\t').map((column) => (column === '' ? [] : column.split('|')));
      return Object.fromEntries(fields.map((field, index) => [field, columns[index] ?? []])) as Record<Field, string[]>;
    });
}

/** Both ways of the TCP streams of a capture, as tshark puts them together again. */
export async function tsharkStreams(file: string, streams: number): Promise<{ up: string; down: string }[]> {
  const stdouts = await Promise.all(
    Array.from({ length: streams }, (_, stream) => tshark(['-r', file, '-q', '-z', `follow,tcp,raw,${stream}`])),
  );
  return stdouts.map((stdout) => {
    const lines = stdout.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line));
    const joined = (isDown: boolean) =>
      lines
        .filter((line) => line.startsWith('\t') === isDown)
        .join('')
        .replaceAll('\t', '');
    return { up: joined(false), down: joined(true) };
  });
}

async function tshark(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
