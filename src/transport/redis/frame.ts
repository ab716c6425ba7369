/**
 * Several texts for one channel travel as one Redis message, a line each: JSON holds no line break, and Redis and ioredis
 * cost several times more per message than per line.
 */

import { transportLimits as limits } from '../limits.js'
import type { WireListener, WireText } from '../wire.js'

export interface Frame {
  readonly channel: string
  text: string
  /** How many texts it holds. */
  texts: number
}

/** The texts as frames: in order within a channel, a channel's first text deciding its place among the others. */
export function framesOf(texts: readonly WireText[]): Frame[] {
  const frames: Frame[] = []
  const open = new Map<string, Frame>()
  for (const { channel, text } of texts) {
    const frame = open.get(channel)
    if (frame !== undefined && frame.text.length + text.length < limits.messageLength) {
      frame.text += `\n${text}`
      frame.texts++
      continue
    }
    const next = { channel, text, texts: 1 }
    open.set(channel, next)
    frames.push(next)
  }
  return frames
}

/** Hands over a frame's texts. One that is longer than any frame is handed over as it is, and refused unread. */
export function unframe(channel: string, frame: string, listener: WireListener): void {
  if (frame.length > limits.messageLength) return listener.received(channel, frame)
  for (let from = 0, end = 0; end !== -1; from = end + 1) {
    end = frame.indexOf('\n', from)
    listener.received(channel, end === -1 ? frame.slice(from) : frame.slice(from, end))
  }
}
