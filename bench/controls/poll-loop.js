// @ts-check
import { Client } from 'undici';

/**
 * `undici`: one poll after the other over one connection, answers parsed as JSON. Resolves after the first answer.
 *
 * @param {import('./main.js').ControlOptions} options
 * @param {{ query: string, pauseMs: () => number }} style `query`: for polls that have a cursor; `pauseMs`: from an
 *   answer to the next poll
 * @returns {Promise<void>}
 */
export function pollLoop({ urls, clientId, channels, onMessage }, { query, pauseMs }) {
  const client = new Client(urls[clientId % urls.length] ?? '');
  const path = `/messages?channel=${channels[0]}`;
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    let chunks = [];
    /** @type {import('undici').Dispatcher.DispatchHandler} */
    const handler = {
      onRequestStart: () => {},
      onResponseStart: () => {
        chunks = [];
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        const { last, more, messages } = JSON.parse(Buffer.concat(chunks).toString());
        for (let i = 0; i < messages.length; i++) onMessage();
        resolve();
        const waitMs = more ? 0 : pauseMs();
        if (waitMs > 0) setTimeout(poll, waitMs, last);
        else poll(last);
      },
      onResponseError: (_controller, error) => {
        throw error;
      },
    };
    /** @param {number} since */
    const poll = (since) => client.dispatch({ method: 'GET', path: `${path}&since=${since}${query}` }, handler);
    client.dispatch({ method: 'GET', path }, handler);
  });
}
