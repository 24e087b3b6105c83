import type { Message } from './transport.js';

/**
 * `encode`, remembered for each message: however many readers a message has, it is encoded once. The result lives as
 * long as the message does.
 */
export function encodeOnce<T>(encode: (message: Message) => T): (message: Message) => T {
  const results = new WeakMap<Message, { readonly value: T }>();
  // A message goes to all its readers in a row, so the last one is nearly always the one asked for.
  let last: { readonly message: Message; readonly value: T } | undefined;
  return (message) => {
    if (last?.message === message) return last.value;
    let result = results.get(message);
    if (!result) {
      result = { value: encode(message) };
      results.set(message, result);
    }
    last = { message, value: result.value };
    return result.value;
  };
}
