/** Whom a process listens to. It is asked about every readable envelope, before any account of its publisher is kept. */

import type { Envelope, RejectReason } from './envelope.js'

/**
 * `publisher`: accounts are kept of its messages, and gaps are asked for. `guest`: this one message counts, and nothing is kept of who sent
 * it. `unknown`: it may be a publisher whose claim is on its way, so the message waits. Any other word is why the message is refused.
 */
export type Standing = 'publisher' | 'guest' | 'unknown' | RejectReason

export interface Admission {
  /** `heard`: the publisher's start of which accounts are kept; undefined where there are none. */
  judge(envelope: Envelope, heard: string | undefined): Standing
  /** Called when a message begins to wait: the admission looks for claims, and then lets the transport judge again. */
  wanted(): void
}

/** Everybody counts. */
export const everybody: Admission = { judge: () => 'publisher', wanted: () => undefined }
