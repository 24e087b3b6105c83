/** Smallest body in bytes: the envelope every measured message carries. */
export const MIN_BODY_BYTES = 48;

/** Largest body in bytes: as much as one answer to a poll may hold. */
export const MAX_BODY_BYTES = 1_048_576;

/** Most messages that a scenario may publish in a second. */
export const MAX_RATE_PER_SECOND = 100_000;

/** Most bytes of bodies that a server's history may take. */
export const MAX_HISTORY_BYTES = 256 * 1_048_576;

/** Most cells (client × message of its channel) that the delivery ledgers may have for the window, or for the warm-up. */
export const MAX_LEDGER_CELLS = 50_000_000;

/** Most messages that a run may publish: every process holds the whole schedule, 36 bytes a message. */
export const MAX_MESSAGES = 5_000_000;

/** A window that holds fewer of a row's waits (`Row.worstWaitMs`) gives no percentile for the row. */
export const MIN_WAITS_PER_WINDOW = 5;

/** Rounds that `rounds: auto` has at least: from so many on there are intervals to judge by. */
export const MIN_AUTO_ROUNDS = 6;

/** Rounds that a scenario may have. */
export const MAX_ROUNDS = 1_000;

/** Time that `rounds: auto` may take where nothing else is said. */
export const DEFAULT_BUDGET_MS = 300_000;

/** Sockets that share one destination address; connecting slows down long before its 28,000 ports are used up. */
export const SOCKETS_PER_ADDRESS = 4_000;

/** Connections of clients that a proxy is set up for: it holds as many to the server again. */
export const MAX_PROXIED_SOCKETS = 4_000;

/** Most clients that a scenario may have. */
export const MAX_CLIENTS = 100_000;

/** Ports that connections to one address can come from: Linux's own range by default, and what macOS and Windows have. */
export const PORTS_PER_ADDRESS = { linux: 28_232, others: 16_384 } as const;

/** Open files of a server process besides its clients' sockets: listeners, ingress, pipes to its parent, modules. */
export const SPARE_DESCRIPTORS = 64;

/** Most probes whose deliveries the server stamps, a listener for each. */
export const MAX_STAMPED_READERS = 32;

/** Most stamps (probe × message of the window) of one run: they cross between processes as text. */
export const MAX_STAMPS = 500_000;

/**
 * What the buffers of the kernel, both ends together, take of a connection whose reader has stopped, before anything
 * waits in the server: 3.9 to 4.9 MB on loopback with Linux's defaults, most of it the sender's 4 MiB (`tcp_wmem`).
 */
export const KERNEL_HOLDS_BYTES = 5_000_000;
