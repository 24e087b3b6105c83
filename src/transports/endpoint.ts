/** What can be said of where a server that is not rtbench's own takes a technique; which of it, the profile says. */
export const ENDPOINT_KEYS = ['url', 'path', 'subprotocol', 'event', 'first', 'message'] as const;
export type EndpointKey = (typeof ENDPOINT_KEYS)[number];

/**
 * How to talk to a server that is not rtbench's own. In texts `{channel}` and `{client}` stand for the channel and the
 * index of the client.
 */
export interface Endpoint {
  /** Path and query of what is opened or asked; absent: those of the reference server, with its parameters. */
  readonly path?: string | undefined;
  /** Sent with every request and upgrade; names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** To ask for; absent: none, where `path` is given. */
  readonly subprotocol?: string | undefined;
  /** Type of the events that carry messages; absent: those without one. */
  readonly event?: string | undefined;
  /** What a client sends first, such as a subscription. */
  readonly first?: string | undefined;
  /** What a client sends to publish: `{body}` is the body, `{bodyJson}` the body as a JSON string; absent: the body. */
  readonly message?: string | undefined;
  /** The longest message that a client takes, bytes: the connection of one that gets more ends. Absent: any. */
  readonly maxMessageBytes?: number | undefined;
  /** The request by which a client publishes that has no other uplink; absent: that of the reference server. */
  readonly publish?: PublishTemplate | undefined;
}

/** A request that publishes one message; `{channel}`, `{body}` and `{bodyJson}` are filled in. */
export interface PublishTemplate {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whom a text is for. */
export interface Recipient {
  readonly channel: string;
  readonly client: number;
}

/** The text of a template for one client. */
export function fill(
  template: string,
  { channel, client }: Recipient,
  encode: (text: string) => string = String,
): string {
  return template.replaceAll('{channel}', encode(channel)).replaceAll('{client}', String(client));
}

/** The bytes of a template around a body; whatever else the template holds is left as it is. */
export function fillBody(template: string, body: Uint8Array): Buffer {
  const [before = '', ...rest] = template.split('{body}');
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: Buffer[] = [asJson(before, bytes)];
  for (const text of rest) parts.push(bytes, asJson(text, bytes));
  return Buffer.concat(parts);
}

function asJson(template: string, body: Buffer): Buffer {
  if (!template.includes('{bodyJson}')) return Buffer.from(template);
  const json = JSON.stringify(body.toString());
  return Buffer.from(template.replaceAll('{bodyJson}', () => json));
}
