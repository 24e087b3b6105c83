export const CHECK_HELP = `
Examples, exact:
  rtbench check --save-baseline                  of every transport; commit rtbench-baseline.json
  rtbench check                                  exits with 1 when a byte more or less is sent than then
  rtbench check --save-baseline -t sse -t websocket:deflate=true
  rtbench check -t ./my-transport.js --baseline mine.json
  rtbench check --junit junit.xml --markdown comment.md --history history.csv

One client and the server in lock-step: bytes of an opening, a message, a publish, an empty poll, a heartbeat, without
load or clock, so that there is nothing to average. Times are not looked at.

Examples, timing:
  rtbench check -t websocket --base-with ws=8.18.0 --head-with ws=8.18.3
  rtbench check -t websocket --head-with ws=./my-ws        base: the version that rtbench has
  rtbench check -t websocket --head-with ws=./my-ws --budget 10m --threshold cpu=2% --noise noise.json

Examples, timing of your own server:
  rtbench check --base-ref main --build "npm ci" --command "node server.js" \\
    --target http://localhost:{port} -t websocket:path=/ws
  rtbench check --scenario ./rtbench.yaml --base-ref main    with target, command and technique of its target
  rtbench check --base-command "node old.js" --head-command "node new.js" --target http://localhost:{port} -t sse
  rtbench check --base-target http://localhost:5001 --head-target http://localhost:5002 -t sse
--base-ref checks out a commit in a folder of its own and runs --build there; head is what is here, as it stands.

Two servers, whose clients are the same, run side by side in pairs; the difference within each pair is what counts.
pass: a regression of the threshold is excluded (exit 0); regression: it is there (1); inconclusive: too noisy to say
(0 with a warning, 1 with --strict). It stops as soon as it knows.`;

export const NOISE_HELP = `
Examples:
  rtbench noise -t websocket                     in 5 minutes
  rtbench noise -t sse --budget 2m --json noise.json
  rtbench noise -t websocket --clients 200 --rate 20/s

A server against itself: by how much runs of the same program differ, figure by figure, and so what rtbench check can
tell in a minute, in five, in twenty. The load has to be that of the gate.`;
