/** The event queue as it was before typed arrays: a binary heap of event objects, with the waiting sequences in a set. */

export interface HeapEvent {
  readonly time: number
  readonly priority: number
  readonly sequence: number
  readonly target: object
  readonly method: string
  readonly payload: unknown
}

function before(a: HeapEvent, b: HeapEvent): boolean {
  if (a.time !== b.time) return a.time < b.time
  if (a.priority !== b.priority) return a.priority < b.priority
  return a.sequence < b.sequence
}

export class BinaryQueue {
  private readonly heap: HeapEvent[] = []
  private readonly awaited = new Set<number>()
  private nextSequence = 1

  plan(event: Omit<HeapEvent, 'sequence'>): number {
    const sequence = this.nextSequence++
    this.push({ ...event, sequence })
    this.awaited.add(sequence)
    return sequence
  }

  cancel(sequence: number): boolean {
    return this.awaited.delete(sequence)
  }

  popDue(time: number): HeapEvent | undefined {
    while (this.heap[0] !== undefined && !this.awaited.has(this.heap[0].sequence)) this.pop()
    const first = this.heap[0]
    if (first === undefined || first.time > time) return undefined
    this.pop()
    this.awaited.delete(first.sequence)
    return first
  }

  private push(event: HeapEvent): void {
    const { heap } = this
    let i = heap.length
    heap.push(event)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as HeapEvent
      if (!before(event, above)) break
      heap[i] = above
      i = parent
    }
    heap[i] = event
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as HeapEvent, heap[child] as HeapEvent)) child++
      if (!before(heap[child] as HeapEvent, last)) break
      heap[i] = heap[child] as HeapEvent
      i = child
    }
    heap[i] = last
  }
}
