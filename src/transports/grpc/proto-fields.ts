import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import type { Direction } from '../inspection.js';

/** A field of a message, as chat.proto has it. */
export interface ProtoField {
  readonly name: string;
  /** `uint64`, `string`, `message`. */
  readonly type: string;
  /** Of a message in it; empty where it is none. */
  readonly typeName: string;
}

// The path holds from the sources and from the build, which stand side by side.
export const PROTO_PATH = fileURLToPath(new URL('../../../src/transports/grpc/chat.proto', import.meta.url));
const PACKAGE = 'rtbench.v1';

interface Descriptor {
  readonly name: string;
  readonly field: readonly {
    readonly number: number;
    readonly name: string;
    readonly type: string;
    readonly typeName: string;
  }[];
}

interface Method {
  readonly path: string;
  readonly requestType: { readonly type: Descriptor };
  readonly responseType: { readonly type: Descriptor };
}

/** Names of the messages that a method moves by its path, and their fields by number. */
export class ChatProto {
  readonly #methods = new Map<string, Method>();
  readonly #messages = new Map<string, ReadonlyMap<number, ProtoField>>();

  constructor() {
    for (const [name, definition] of Object.entries(loadSync(PROTO_PATH, { keepCase: true }))) {
      if (name === `${PACKAGE}.ChatService`) {
        for (const method of Object.values(definition) as unknown as Method[]) this.#methods.set(method.path, method);
      } else if ('type' in definition)
        this.#messages.set(name.slice(PACKAGE.length + 1), fieldsOf(definition.type as Descriptor));
    }
  }

  /** Name of the messages in a direction of a method; `undefined`: it is none of the service's. */
  messageOf(path: string, direction: Direction): string | undefined {
    const method = this.#methods.get(path);
    return direction === 'up' ? method?.requestType.type.name : method?.responseType.type.name;
  }

  field(message: string | undefined, number: number): ProtoField | undefined {
    return message === undefined ? undefined : this.#messages.get(message)?.get(number);
  }
}

function fieldsOf({ field }: Descriptor): ReadonlyMap<number, ProtoField> {
  return new Map(
    field.map(({ number, name, type, typeName }) => [
      number,
      { name, type: type.replace('TYPE_', '').toLowerCase(), typeName: typeName.split('.').at(-1) ?? '' },
    ]),
  );
}
