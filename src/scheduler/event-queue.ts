/** The event queue: a binary heap with a total order, key (time, priority, sequence); the comparator never returns 0. */

import { OperatorError } from '../core/index.js'

export const limits = {
  /** Events that may wait at one time. */
  waitingEvents: 10_000_000,
  /** Events that may fire at one instant: more of them mean that each plans the next without end. */
  eventsPerTick: 10_000_000,
} as const

/** One planned event: which object, which method, what payload. Plain, so that the queue can be saved. */
export interface PlannedEvent {
  readonly time: number
  /** Lower fires first among events of one instant. */
  readonly priority: number
  readonly sequence: number
  /** The object whose method is called: an agent or the model. */
  readonly target: object
  readonly method: string
  readonly payload: unknown
  /** Time between repeats; 0 for an event that fires once. */
  readonly every: number
}

function before(a: PlannedEvent, b: PlannedEvent): boolean {
  if (a.time !== b.time) return a.time < b.time
  if (a.priority !== b.priority) return a.priority < b.priority
  return a.sequence < b.sequence
}

export class EventQueue {
  private readonly heap: PlannedEvent[] = []
  /** Sequences of the events that wait: one in the heap that is not among them was cancelled. */
  private readonly awaited = new Set<number>()
  private nextSequence = 1

  get size(): number {
    return this.awaited.size
  }

  /** Plans an event; its sequence number is its handle. */
  plan(event: Omit<PlannedEvent, 'sequence'>): number {
    if (this.heap.length >= limits.waitingEvents)
      throw new OperatorError({
        what: 'event queue',
        expected: `at most ${limits.waitingEvents} waiting events`,
        got: event.method,
      })
    const sequence = this.nextSequence++
    this.push({ ...event, sequence })
    this.awaited.add(sequence)
    return sequence
  }

  /**
   * Cancels an event in constant time: the heap drops it when its turn comes, or once half of the heap is cancelled.
   * Cancelling one that has fired, or was never planned, does nothing and returns false.
   */
  cancel(sequence: number): boolean {
    if (!this.awaited.delete(sequence)) return false
    if (this.awaited.size * 2 < this.heap.length) this.refill(this.waiting())
    return true
  }

  /** The time of the next event, or Infinity. */
  nextTime(): number {
    this.dropCancelled()
    return this.heap[0]?.time ?? Number.POSITIVE_INFINITY
  }

  /** Removes and returns the next event due at or before `time`. */
  popDue(time: number): PlannedEvent | undefined {
    if (this.nextTime() > time) return undefined
    const event = this.pop()
    if (event === undefined) return undefined
    if (event.every > 0) this.push({ ...event, time: event.time + event.every, sequence: event.sequence })
    else this.awaited.delete(event.sequence)
    return event
  }

  /** The waiting events in firing order. */
  waiting(): PlannedEvent[] {
    return this.heap.filter(e => this.awaited.has(e.sequence)).sort((a, b) => (before(a, b) ? -1 : 1))
  }

  /** Plain state but for the targets, which the checkpoint writes as references. */
  saveState(keep: (event: PlannedEvent) => boolean = () => true): unknown {
    return { nextSequence: this.nextSequence, events: this.waiting().filter(keep) }
  }

  loadState(state: unknown): void {
    const { nextSequence, events } = state as { nextSequence: number; events: PlannedEvent[] }
    this.awaited.clear()
    for (const e of events) this.awaited.add(e.sequence)
    this.refill(events)
    this.nextSequence = nextSequence
  }

  private refill(events: readonly PlannedEvent[]): void {
    this.heap.length = 0
    for (const e of events) this.push(e)
  }

  private dropCancelled(): void {
    while (this.heap[0] !== undefined && !this.awaited.has(this.heap[0].sequence)) this.pop()
  }

  private push(event: PlannedEvent): void {
    const { heap } = this
    let i = heap.length
    heap.push(event)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as PlannedEvent
      if (!before(event, above)) break
      heap[i] = above
      i = parent
    }
    heap[i] = event
  }

  private pop(): PlannedEvent | undefined {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return top
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as PlannedEvent, heap[child] as PlannedEvent)) child++
      if (!before(heap[child] as PlannedEvent, last)) break
      heap[i] = heap[child] as PlannedEvent
      i = child
    }
    heap[i] = last
    return top
  }
}
