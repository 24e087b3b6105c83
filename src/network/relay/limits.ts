/** What a relay in user space cannot imitate; printed beside what it measured. */
export const CANNOT_IMITATE = [
  'loss and retransmission (it hands on a byte stream, in which TCP has already put everything in order)',
  "the client's own handshake (the kernel completes it at once; its round trip is charged to the first bytes)",
  'slow start and congestion (a connection has its whole bandwidth from the first byte, and to itself)',
] as const;
