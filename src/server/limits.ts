/** Every bound of the servers in one place. */

export const serverLimits = {
  /** Bytes of a request's headers. */
  headerBytes: 8_192,
  /** Time for a whole request, ms, and how often connections are looked at. */
  requestMs: 5_000,
  checkMs: 1_000,
  /** Time after which a connection on which nothing moves is closed, ms. */
  idleMs: 10_000,
  /** Connections at once besides those of viewers; one more is closed at once. */
  connections: 64,
  /** Bytes of what is posted to a collector. */
  postBytes: 65_536,
  /** Rows of one page, where the reader says no number, and at most. */
  pageRows: 100,
  mostRows: 1_000,
  /** Files of a page that is served, and their bytes together. */
  files: 1_000,
  fileBytes: 64 * 1024 * 1024,
} as const

export const viewerLimits = {
  /** Viewers of all runs together; one more is refused. */
  viewers: 256,
  /** Runs shown at once. */
  runs: 8,
  /** Bytes of one message of a viewer. */
  messageBytes: 16_384,
  /** Messages of a viewer a minute, and how many more it may send at once after a quiet time. */
  messagesPerMinute: 100,
  messageBurst: 100,
  /** Messages beyond that rate that wait for it; one more command is refused. */
  messagesWaiting: 16,
  /** Messages a minute, and at once, from which on it is no haste any more: the viewer is ended. */
  floodPerMinute: 6_000,
  floodBurst: 500,
  /** Different questions that the viewers of a run ask together. */
  questions: 256,
  /** How long their questions are collected before the run hears of them, ms. */
  questionsMs: 20,
  /** Commands of a viewer that wait for their answer. */
  commandsWaiting: 16,
  /** Frames a run hands over before the thread of the server took the first. */
  framesAhead: 2,
  /** Frames of one version kept for viewers that have the same parts. */
  encodedFrames: 64,
  /** Time for a viewer's first message, ms. */
  helloMs: 5_000,
  /** How often each viewer is asked whether it is still there, ms; one that did not answer is ended at the next. */
  pingMs: 30_000,
  /** Time after which a viewer whose unsent bytes do not get fewer is ended, ms. */
  stallMs: 15_000,
  /** How often stalled viewers are looked for, ms. */
  sweepMs: 1_000,
  /** Time for a viewer, or the thread, to end by itself, ms. */
  closeMs: 1_000,
  /** Wait before the thread of the server is started again, and for its port to be free, ms. */
  restartMs: 100,
} as const

/** The bounds of viewers, as one server has them. */
export type ViewerLimits = { readonly [name in keyof typeof viewerLimits]: number }
