/** The carrier of texts between processes: Redis, memory, or memory with faults. */

export interface WireListener {
  received(channel: string, text: string): void
  /** Everything sent from now on reaches us: connected, and every channel subscribed. */
  up(): void
  down(reason: string): void
}

export interface WireText {
  readonly channel: string
  readonly text: string
}

export interface Wire {
  /** For a person: `Redis at 127.0.0.1:6379`. Never a password. */
  readonly address: string
  readonly isUp: boolean
  /** Why it cannot be up, in one sentence, where the other side said so: it wants a password, or another one. Never a password. */
  readonly refusal?: string | undefined
  /** Starts connecting and subscribing; retries until closed. Rejects only where it can never succeed. */
  open(channels: readonly string[], listener: WireListener): Promise<void>
  /** Hands over the texts in order; returns how many were taken. The others are not kept. */
  send(texts: readonly WireText[]): number
  counters(): Readonly<Record<string, number>>
  close(): Promise<void>
}
