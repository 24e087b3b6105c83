import { fill, fillBody, type PublishTemplate } from '../endpoint.js';
import type { HttpClientRequest } from './http-client.js';

/** A request that publishes a body to a channel, as the reference server or as a template has it. The body is copied. */
export function publishRequest(
  template: PublishTemplate | undefined,
  channel: string,
  body: Uint8Array,
): HttpClientRequest {
  if (!template) {
    return { method: 'POST', path: `/messages?channel=${encodeURIComponent(channel)}`, body: Buffer.from(body) };
  }
  const to = { channel, client: 0 };
  return {
    method: template.method as 'POST',
    path: fill(template.path, to, encodeURIComponent),
    headers: { ...template.headers },
    body: fillBody(fill(template.body, to), body),
  };
}

/** Whether an answer says that the message was taken. */
export function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}
