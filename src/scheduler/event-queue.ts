/** The event queue: planned events in a total order by time, priority and sequence. Planning and firing make no object. */

import { OperatorError } from '../core/index.js'
import { EventHeap, Key, leastRoom } from './event-heap.js'
import { HandleTable } from './handle-table.js'

export const limits = {
  /** Events that may wait at one time. */
  waitingEvents: 10_000_000,
  /** Events that may fire at one instant: more of them mean that each plans the next without end. */
  eventsPerTick: 10_000_000,
} as const

/** What is planned: which object, which method, what payload, and when. */
export interface EventPlan {
  readonly time: number
  /** Lower fires first among events of one instant. */
  readonly priority: number
  /** The object whose method is called: an agent or the model. */
  readonly target: object
  readonly method: string
  readonly payload: unknown
  /** Time between repeats; 0 for an event that fires once. */
  readonly every: number
  /** A repeated event fires at `start + round · every`. Without them, `time` is the start and its round is 0. */
  readonly start?: number
  readonly round?: number
  /** The round after which a repeated event ends; without it there is no last. */
  readonly lastRound?: number
}

/** One planned event. Plain, so that the queue can be saved. */
export interface PlannedEvent extends EventPlan {
  readonly sequence: number
}

/** An event that is due. */
export type DueEvent = Omit<PlannedEvent, 'start' | 'round'>

/** An instant this near to a whole one is the whole one. */
const nearWhole = 1e-9

/** When an event repeated every `period` fires for the `round`-th time: at the whole step itself where rounding alone parts them. */
export function repeatTime(start: number, period: number, round: number): number {
  const time = start + round * period
  const whole = Math.round(time)
  return Math.abs(time - whole) <= nearWhole && whole >= start ? whole : time
}

/** The last round that does not come after `end`; Infinity where there is none. */
export function lastRoundBy(end: number, start: number, period: number): number {
  let round = Math.floor((end - start) / period)
  // Beyond, one round more is the same number.
  if (!(round < Number.MAX_SAFE_INTEGER)) return Number.POSITIVE_INFINITY
  while (repeatTime(start, period, round + 1) <= end) round++
  while (repeatTime(start, period, round) > end) round--
  return round
}

/** The sequence of a cancelled event that is still in the heap. */
const cancelled = 0

const nobody = {}
const always = () => true

export class EventQueue {
  private heap = new EventHeap()
  // What is called, by the slot of the event.
  private targets: object[] = []
  private methods: string[] = []
  private payloads: unknown[] = []
  /** Made by the first cancellation: most models cancel nothing. */
  private handles: HandleTable | undefined
  /** The last rounds of the repeated events that have one, by sequence. */
  private lastRounds = new Map<number, number>()
  private cancelledInHeap = 0
  private nextSequence = 1
  /** Filled anew for every event that fires. */
  private readonly due = {
    time: 0,
    priority: 0,
    target: nobody as object,
    method: '',
    payload: undefined as unknown,
    every: 0,
    sequence: 0,
  }

  get size(): number {
    return this.heap.length - this.cancelledInHeap
  }

  /** Plans an event; its sequence number is its handle. */
  plan(event: EventPlan): number {
    if (this.heap.length >= limits.waitingEvents) throw tooMany(event.method)
    const sequence = this.nextSequence++
    this.insert(event, sequence)
    return sequence
  }

  /**
   * Cancels an event in constant time: the heap drops it when its turn comes, or once half of the heap is cancelled.
   * Cancelling one that has fired, or was never planned, does nothing and returns false; so does one whose target `isAwaited` denies,
   * which would not have fired.
   */
  cancel(sequence: number, isAwaited: (target: object) => boolean = always): boolean {
    const { heap } = this
    this.handles ??= this.tableOfHandles()
    const slot = this.handles.take(sequence)
    if (slot < 0) return false
    const awaited = isAwaited(this.targets[slot] as object)
    heap.setKey(slot, Key.sequence, cancelled)
    this.lastRounds.delete(sequence)
    this.release(slot)
    this.cancelledInHeap++
    if (2 * this.size < heap.length) this.dropCancelled()
    return awaited
  }

  /** The time of the next event, or Infinity. */
  nextTime(): number {
    const { heap } = this
    while (this.cancelledInHeap > 0 && heap.key(heap.firstSlot, Key.sequence) === cancelled) {
      this.cancelledInHeap--
      heap.removeFirst()
    }
    return heap.firstTime
  }

  /** Takes the next event due at or before `time`. The object is the queue's own: the next call fills it anew. */
  popDue(time: number): DueEvent | undefined {
    const { due, heap } = this
    const next = this.nextTime()
    if (heap.length === 0 || next > time) {
      due.target = nobody
      due.payload = undefined
      return undefined
    }
    const slot = heap.firstSlot
    due.time = next
    due.priority = heap.key(slot, Key.priority)
    due.target = this.targets[slot] as object
    due.method = this.methods[slot] as string
    due.payload = this.payloads[slot]
    due.every = heap.key(slot, Key.every)
    due.sequence = heap.key(slot, Key.sequence)
    if (due.every > 0 && !this.isLastRound(slot, due.sequence)) this.repeatFirst(slot)
    else this.removeFirst(slot)
    return due
  }

  /** The waiting events in firing order. */
  waiting(): PlannedEvent[] {
    const living = this.heap.inOrder().filter(({ slot }) => this.heap.key(slot, Key.sequence) !== cancelled)
    return living.map(({ slot, time }) => this.eventAt(slot, time))
  }

  /** Plain state but for the targets, which the checkpoint writes as references. */
  saveState(keep: (event: PlannedEvent) => boolean = () => true): unknown {
    return { nextSequence: this.nextSequence, events: this.waiting().filter(keep) }
  }

  loadState(state: unknown): void {
    const { nextSequence, events } = state as { nextSequence: number; events: PlannedEvent[] }
    this.refill(events)
    this.nextSequence = nextSequence
  }

  /** Where start and period are whole, so is every instant, however it is summed: then neither start nor round is saved. */
  private eventAt(slot: number, time: number): PlannedEvent {
    const { heap } = this
    const every = heap.key(slot, Key.every)
    const start = heap.starts[slot] as number
    const isWhole = Number.isInteger(start) && Number.isInteger(every)
    const sequence = heap.key(slot, Key.sequence)
    const lastRound = this.lastRounds.get(sequence)
    return {
      time,
      priority: heap.key(slot, Key.priority),
      target: this.targets[slot] as object,
      method: this.methods[slot] as string,
      payload: this.payloads[slot],
      every,
      sequence,
      ...(every > 0 && (!isWhole || lastRound !== undefined) && { start, round: heap.key(slot, Key.round) }),
      ...(lastRound !== undefined && { lastRound }),
    }
  }

  private insert(event: EventPlan, sequence: number): void {
    const { heap } = this
    const { time } = event
    const slot = heap.freeSlot()
    heap.setKey(slot, Key.sequence, sequence)
    heap.setKey(slot, Key.priority, event.priority)
    heap.setKey(slot, Key.every, event.every)
    if (event.every > 0) {
      heap.starts[slot] = event.start ?? time
      heap.setKey(slot, Key.round, event.round ?? 0)
      if (event.lastRound !== undefined) this.lastRounds.set(sequence, event.lastRound)
    }
    this.targets[slot] = event.target
    this.methods[slot] = event.method
    this.payloads[slot] = event.payload
    this.handles?.add(sequence, slot)
    heap.add(time)
  }

  private isLastRound(slot: number, sequence: number): boolean {
    return (
      this.lastRounds.size > 0 && this.heap.key(slot, Key.round) >= (this.lastRounds.get(sequence) ?? Number.POSITIVE_INFINITY)
    )
  }

  private repeatFirst(slot: number): void {
    const { heap } = this
    const round = heap.key(slot, Key.round) + 1
    heap.setKey(slot, Key.round, round)
    heap.postponeFirst(repeatTime(heap.starts[slot] as number, heap.key(slot, Key.every), round))
  }

  private removeFirst(slot: number): void {
    const { heap } = this
    const sequence = heap.key(slot, Key.sequence)
    this.handles?.take(sequence)
    this.lastRounds.delete(sequence)
    this.release(slot)
    heap.removeFirst()
    if (heap.tooLarge) this.refill(this.waiting())
  }

  /** Lets the garbage collector have what an event held. */
  private release(slot: number): void {
    this.targets[slot] = nobody
    this.payloads[slot] = undefined
  }

  private dropCancelled(): void {
    const { heap } = this
    heap.keep(slot => heap.key(slot, Key.sequence) !== cancelled)
    this.cancelledInHeap = 0
    if (heap.tooLarge) this.refill(this.waiting())
  }

  /** Begins anew with these events, in no more room than they need. */
  private refill(events: readonly PlannedEvent[]): void {
    this.heap = new EventHeap(Math.max(leastRoom, 2 * events.length))
    this.targets = []
    this.methods = []
    this.payloads = []
    this.handles = undefined
    this.lastRounds = new Map()
    this.cancelledInHeap = 0
    for (const event of events) this.insert(event, event.sequence)
  }

  private tableOfHandles(): HandleTable {
    const table = new HandleTable()
    for (const { slot } of this.heap.inOrder()) table.add(this.heap.key(slot, Key.sequence), slot)
    return table
  }
}

function tooMany(method: string): OperatorError {
  return new OperatorError({ what: 'event queue', expected: `at most ${limits.waitingEvents} waiting events`, got: method })
}
