/** How much code, counted in the sources of the transports. */
export interface CodeSize {
  /** Neither empty, nor a comment, nor an import. */
  readonly lines: number;
  /** Variables and private fields that can change. */
  readonly states: number;
}

/**
 * The client of a transport, a stand-in for how complex it is to use: what rtbench had to write on top of what a browser
 * has, or of the library, and of the files it shares with others each as a whole.
 */
export interface ClientCode {
  /** In a page, on top of `fetch`, `EventSource` or `WebSocket`; `null`: no page can. */
  readonly page: CodeSize | null;
  /** In Node, on top of its library: with TLS, tokens, heartbeats and an uplink, which a page's lacks. */
  readonly node: CodeSize;
}
