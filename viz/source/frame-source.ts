/** Where frames come from: a server over a socket, or a worker of this page. The rest of the viewer never knows which. */

import type { Command, Parts } from '../../src/view/index.js'

/** `connecting` at first, `lost` while it tries again, `closed` for good. */
export type SourceState = 'connecting' | 'open' | 'lost' | 'closed'

export interface FrameSource {
  /** What is known of the run; changed only between two calls of the listeners. */
  readonly parts: Parts
  readonly state: SourceState
  /** Why it is lost or closed, where that is known. */
  readonly reason?: string | undefined
  /** Whether commands are taken. */
  readonly canControl: boolean
  /** Whether a second run may stand beside this one. */
  readonly canCompare: boolean
  /** What the viewer wants to see besides the world; see `question`. */
  ask(questions: readonly string[]): void
  /** Resolves when the command was taken, rejects with what was wrong with it. */
  command(command: Command): Promise<void>
  /** Called after each frame and each change of state. Returns the undo. */
  listen(listener: () => void): () => void
  /** Told what went wrong that was no command's doing, as a sentence. Set by who shows it. */
  onTrouble: (sentence: string) => void
  close(): void
}
