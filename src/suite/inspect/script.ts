import type { Script } from './record.js';

/** As the guide has its people talk. */
const DOWN = ['{"user":"Alice","text":"Hello!"}', '{"user":"Bob","text":"Hi Alice!"}'];
const UP = ['Hello from client', 'Typing...'];

/** What is said in an exchange. `sizeBytes`: of each message; `null`: as long as the words are. */
export function scriptOf(sizeBytes: number | null): Script {
  const spoken = (text: string) => {
    if (sizeBytes === null) return Buffer.from(text);
    const words = `${text} `;
    return Buffer.from(words.repeat(Math.ceil(sizeBytes / words.length)).slice(0, sizeBytes));
  };
  return { down: DOWN.map(spoken), up: UP.map(spoken) };
}
