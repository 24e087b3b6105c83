declare module 'hpack.js' {
  import type { Duplex } from 'node:stream';

  /** HPACK (RFC 7541): written bytes become fields when `execute` is called; what is wrong is emitted as an error. */
  interface Decompressor extends Duplex {
    execute(): void;
    updateTableSize(bytes: number): void;
    read(): { readonly name: string; readonly value: string } | null;
  }

  const hpack: {
    readonly decompressor: { create(options: { readonly table: { readonly maxSize: number } }): Decompressor };
  };
  export default hpack;
}
