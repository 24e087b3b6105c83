/* What stands below the options in `--help`: examples, and what they do not say. */

export const EXAMPLES = `
Examples:
  rtbench                                        asks what to measure, in a terminal
  rtbench run                                    all transports, about a minute and a half
  rtbench run --rounds 1                         the quick look
  rtbench run chat --clients 200                 a chat, with more people in it
  rtbench run --all                              ten use cases in one matrix, about a quarter of an hour
  rtbench run -t websocket -t websocket:deflate=true

Exit codes: 0 fine · 1 a check failed · 2 wrong usage · 3 a run failed or is invalid · 130 interrupted`;

export const RUN_HELP = `
Examples:
  rtbench run
  rtbench run echo -t sse -t websocket --rounds 1
  rtbench run --all --out all                    ten use cases: who is in time, what is cheapest, is the guide right
  rtbench run dashboard-refresh --scale 10       a 30 s refresh, ten times as fast as in life (--scale 1: as it is)
  rtbench run ./mine.yaml --json - | jq '.transports[].latencyUs.p99'
  rtbench run -t websocket --expect 'latencyUs.p99<250ms' --expect delivery.lost=0
                                                 exits with 1 where a figure is not so, or not measured
  rtbench run --quiet --csv - > result.csv        a line for each transport and each round
  rtbench run --quiet --expect delivery.lost=0 --junit junit.xml --history history.csv
                                                 for a CI; GitHub gets annotations and a summary of the job
  rtbench run --quiet --markdown - >> "$GITHUB_STEP_SUMMARY"
                                                 the summary of a GitHub job; other steps write there too
  rtbench run --preset web                       what a browser gets: TLS and HTTP/2
  rtbench run -t sse -t sse:http=2 --tls
  rtbench run --auth cookie --details            what authentication adds to an opening
  rtbench run -t short-polling:intervalMs=2s -t long-polling --clients 500 --rate 10/s
  rtbench run -t sse -t websocket --rounds auto --budget 10m
  rtbench run -t websocket -t websocket:deflate=true --interleave 50ms --rounds 6 --pin
                                                 a small difference in CPU, on a machine that changes its speed
  rtbench run -t websocket --floor               WebSocket, above a bare TCP socket, above the instrument alone
  rtbench run -t websocket -t sse --clients 20 --size 16KiB --duration 4s --slow-readers 10%:stop
  rtbench run --via browser -t sse -t websocket  latency up to the callback in a page of Chromium
  rtbench run --via nginx                        nginx between clients and server, as its documentation says
  rtbench run --via nginx:default -t sse -t websocket --rounds 1
                                                 and as it is by default: who fails, and the line that mends it
  rtbench run --rtt 50ms                         50 ms between clients and server, by a relay
  rtbench run --network 3g -t sse -t long-polling
  rtbench run --wire --details                   bytes with IP and TCP headers as well
  rtbench run --table guide                      the guide's table, measured; about four minutes
  rtbench run --claims                           which of the guide's claims hold here
  rtbench run --uplink 300/s:64B --details       clients send as well, to the server alone; acknowledge:64B: they
                                                 answer every message
  rtbench run --claims --evidence capacity.json --evidence sweep.json
                                                 with what rtbench capacity and rtbench sweep found
  rtbench run --fault cut:50%@2s --duration 8s --details       half of the connections are reset
  rtbench run --fault kill@2s --reconnect fixed:200ms --resume off --duration 6s --details
  rtbench run --fault half-open:50%@1s --heartbeat 500ms --duration 6s --details
                                                 connections die silently: who notices, and when
  rtbench run -t sse --fault cut@1s --reconnect native --duration 8s --details
  rtbench run --target http://localhost:5000 -t sse:path=/events -t websocket:path=/ws
                                                 a server of yours; docs/your-own-server.md
  rtbench run --target http://localhost:5000 -t sse:path=/prices --publish observe --stamp field:/time:ms
                                                 one that sends what it sends, by the time in its messages
  rtbench run deploy --details                   a restart of the server in the middle of the window

--scale divides every time that is the scenario's or a transport's own, and multiplies the rate; flags and files
speak of life. Network and CPU do not get faster, so the report says that its figures are scaled.
Faults: cut[:share] resets connections, half-open[:share] has them die without telling either side,
stall:time has the server stand still, net-stall:time lets nothing pass between clients and server,
restart and kill (-9) replace the server's process; the time counts from the start of the window.
--reconnect native leaves it to the library, where that comes back by itself (EventSource).
--rounds auto goes on until p50 and p99 of every row are within ±5 % or the budget is spent, at least 6 rounds.
--slow-readers 10%:1KiB/s has a tenth of the clients read so much each; --when-full says what the server does
about it: wait, drop-oldest:keep=100 or disconnect:after=1s,behind=1000, each with buffer=1MiB.
--via: nginx, haproxy (each :documented, or :default), hostile:buffer, :gzip, :strip-upgrade, :http-1.0 or
:idle-cut. Bytes are then those between proxy and server; rtbench proxies tries all of them, a client each.
Keys in the live view: p pause, s skip a technique, q stop, d the plan run by run, ? help.
Ctrl-C stops and keeps what was measured so far.`;

export const ADVISE_HELP = `
Examples:
  rtbench advise                                 asks, one question at a time
  rtbench advise chat                            the answers stand in the scenario
  rtbench advise chat --restrictive-proxies --no-results
  rtbench advise --server-to-client --tolerates 2s --no-binary --no-restrictive-proxies
  rtbench advise --bidirectional --no-tolerates --binary --no-restrictive-proxies --measure
  rtbench advise default --results reports/sample/result.json --json - | jq '.advised[].label'
  rtbench advise chat --evidence sweep.json --evidence capacity.json    and at which load it would be another

Without a terminal to ask in, flags or a scenario must answer the guide's five questions. The advice goes by what was
measured where a result fits, and says of the guide whether that agrees; without one it goes by the guide's
rule and facts alone, and says so. The rules are in docs/advise.md.`;

export const COST_HELP = `
Examples:
  rtbench cost                                   all techniques, about two and a half minutes
  rtbench cost -t websocket -t sse --rounds 3
  rtbench cost -t websocket --points 50x20,50x200,200x20,200x200,400x100
  rtbench cost chat --json - | jq '.transports[] | {label, cpu}'

The loads must vary clients and rate independently of each other. Ctrl-C stops; what was
measured so far is kept, and fitted where it is enough.`;

export const SWEEP_HELP = `
Examples:
  rtbench sweep                                  clients from 25 to 400, all transports, about three minutes
  rtbench sweep --vary clients=50..800 -t sse -t websocket
  rtbench sweep --vary rate=1/s,10/s,100/s,1000/s --clients 50
  rtbench sweep --vary size=64B..64KiB --steps 6
  rtbench sweep --vary interval=250ms..8s -t short-polling -t sse --rate 5/s
                                                 from which interval on polling costs the server less
  rtbench sweep --vary rate=1/min..2/s -t short-polling:intervalMs=10s -t sse --clients 200
  rtbench sweep --json - | jq '.crossings[] | select(.state == "crossing")'

A crossing is derived from curves fitted to the runs, and confirmed by three runs of both rows where it lies;
one beyond the values measured is named extrapolated, and not confirmed.
Ctrl-C stops; what was measured so far is kept.`;

export const CAPACITY_HELP = `
Examples:
  rtbench capacity -t websocket -t sse           most clients with p99 within the tolerated delay, some minutes each
  rtbench capacity --find rate --p99 100ms --clients 200
  rtbench capacity -t websocket --p99 50ms --within 25% --budget 5m
  rtbench capacity --dry-run                     what stands in the way of more: descriptors, ports, memory
  rtbench capacity --json - | jq '.transports[] | {label, pass, fail, failedBy}'

The answer is a bracket: the highest level that passes and the lowest that does not. \`generator-bound\` says
that the load generator gave out first: the server's own limit is higher.
Exits with 3 where a transport passes at no level. Ctrl-C stops; what was found so far is kept.`;

export const HERD_HELP = `
Policies:
  immediate              at once, again and again
  fixed:1s               the same wait each time
  exponential            1 s doubling to 60 s (first=1s,max=60s)
  exponential-jitter     the same, each plus 0 to 500 ms (first=1s,max=60s,jitter=500ms)
  full-jitter            uniform from nothing to the doubling cap (first=1s,max=60s)
  native                 EventSource's own in Chromium, which the server may set (retry=3s)

Examples:
  rtbench herd                                   2,000 WebSockets under five policies, about a minute
  rtbench herd --clients 200 --scale 0.1 --away 200ms
  rtbench herd --scale 5 --away 10s --policy exponential --policy exponential-jitter
  rtbench herd --policy exponential --policy exponential-jitter:jitter=2s --away 10s
  rtbench herd -t sse --policy native --policy full-jitter --leave close
  rtbench herd --auth bearer --policy exponential-jitter       what accepts cost, with a token to check

Theory stands beside what was measured. Ctrl-C stops and keeps what was measured so far.`;

export const PROXIES_HELP = `
Examples:
  rtbench proxies                                everything that is installed, in about a minute
  rtbench proxies --via nginx -t sse -t websocket
  rtbench proxies --via hostile:buffer --via hostile:idle-cut
  rtbench proxies --via nginx --silence 70s      longer than the timeouts of proxies are by default
  rtbench proxies --json - | jq '.mends[] | {label, middlebox, lines: [.lines[].text]}'

Proxies are started on free ports of loopback with a configuration of their own, and ended.
One that is not installed is named with its package, and left out.`;

export const BROWSER_HELP = `
Examples:
  rtbench browser                                SSE, long polling and WebSocket, in half a minute
  rtbench browser -t websocket --connections 300
  rtbench browser -t sse -t sse:http=2 --json - | jq '.limits[] | {label, atServer, sockets}'

It takes playwright-core and a Chromium (apt-get install chromium, or RTBENCH_CHROMIUM names one).
HTTP/2 goes over TLS, as browsers speak it so only. Ctrl-C stops; what was measured so far is kept.`;

export const IDLE_HELP = `
Examples:
  rtbench idle                                   all transports, in about a minute and a half
  rtbench idle -t websocket -t sse -t sse:http=2
  rtbench idle -t websocket --interval 1s --scaled-to 30s --idle-timeouts 500ms,2s,10s
  rtbench idle --json - | jq '.transports[] | {label, heartbeat, scaled}'

Each transport is measured with a heartbeat at --interval and as its settings are. Ctrl-C stops; what was
measured so far is kept.`;

export const SERVE_HELP = `
Examples:
  rtbench serve --publish 1/s
  rtbench serve --publish 1000/s --when-full disconnect:after=10s
  rtbench serve -t sse --auth bearer --token secret
  curl -N http://127.0.0.1:8080/events
  curl 'http://127.0.0.1:8080/messages?since=0'
  curl -d hello http://127.0.0.1:8080/messages

Requests may name a channel (?channel=…); without one they are about "news".
Ctrl-C or SIGTERM drains: nobody is accepted any more, each client gets what was published
before and is told to go; the second one ends at once.`;

export const VERIFY_HELP = `
Examples:
  rtbench verify                                 everything, in about a minute
  rtbench verify -t websocket -t ./mine.js
  rtbench verify --json - | jq '.sections[].checks[] | select(.state == "failed")'

Exits with 1 when a figure differs from theory by more than its tolerance, which is 0 for bytes.`;

export const INSPECT_HELP = `
Examples:
  rtbench inspect websocket
  rtbench inspect websocket:deflate=true --raw | less
  rtbench inspect sse:http=2
  rtbench inspect long-polling:holdMs=1s
  rtbench inspect grpc --pattern server
  rtbench inspect websocket --size 70KiB         a length of 64 bits
  rtbench inspect websocket --url ws://127.0.0.1:8080     of rtbench serve
  rtbench inspect websocket --pcap ws.pcapng     what was recorded, for Wireshark
  rtbench inspect websocket --json - | jq '.events[] | [.direction, .title, .bytes]'

One client opens a connection, gets two messages, sends two, waits for a heartbeat and closes; a relay on loopback
keeps every byte. Each byte has its part, and the parts are held against the relay, the server's sockets and its ledger.
Exit codes: 0 every byte is accounted for · 1 one is not · 2 wrong usage · 3 the exchange did not come about`;

export const COMPARE_HELP = `
Examples:
  rtbench run --rounds 6 --out reports/before       then change something, and
  rtbench run --rounds 6 --out reports/after
  rtbench compare reports/before/result.json reports/after/result.json
  rtbench compare before.json after.json --fail-on-worse --junit junit.xml
  rtbench compare before.json after.json --json - | jq '.figures[] | select(.verdict == "worse")'

Times take 6 rounds on either side for a verdict, bytes and deliveries none. Exits with 0 whatever it finds,
with --fail-on-worse with 1 where a figure is worse, and with 2 where the two are not of the same run.`;

export const CONFORM_HELP = `
Examples:
  rtbench conform http://127.0.0.1:8080
  rtbench conform http://127.0.0.1:8080 -t sse --keep-alive 15s
  rtbench conform http://127.0.0.1:8080 --history 10000     what rtbench serve keeps
  rtbench conform http://127.0.0.1:8081 -t grpc
  rtbench conform https://localhost:8443 --ca ca.pem --header 'Authorization: Bearer \${TOKEN}'
  rtbench conform http://127.0.0.1:8080 --json - | jq '.techniques[].checks[] | select(.state == "failed")'

The contract is docs/server-contract.md. It publishes some thousands of small messages to channels of its own.
Exit codes: 0 the server keeps the contract in all it offers · 1 something required fails, or nothing is offered ·
2 wrong usage`;

export const INIT_HELP = `
Examples:
  rtbench init                                   rtbench.yaml and two workflows; then it says what to do next
  rtbench init -t ./my-transport.js              to guard a transport of your own
  rtbench init --command "node server.js" -t websocket:path=/ws    a server of your own: its times, commit by commit
  rtbench init services/feed --force             over what is there

One workflow measures each pull request, without secrets; the other comments on it, and runs none of its code.
Nothing is measured, and nothing is overwritten without --force. From nothing to a gate: docs/ci.md.`;

export const PROBE_HELP = `
Examples:
  rtbench probe http://127.0.0.1:5000
  rtbench probe http://127.0.0.1:5000/api/live --path /feed
  rtbench probe https://localhost:8443 --ca ca.pem --header 'Authorization: Bearer \${TOKEN}'
  rtbench probe http://127.0.0.1:5000 --json - | jq .scenario

It asks with GET and upgrades alone, at the usual paths, and publishes nothing.
Exit codes: 0 something answers · 1 nothing does · 2 wrong usage`;
