#!/usr/bin/env node
import { main } from './cli/program.js';
import { EXIT } from './errors.js';

// A reader that has seen enough (`| head`) is no error, whichever of the two it reads.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    if (stream === process.stdout) process.stderr.write(`rtbench: cannot write its output: ${error.message}\n`);
    process.exit(EXIT.runFailed);
  });
}

process.exitCode = await main(process.argv.slice(2));
