/**
 * The order of planned events: a heap by time, priority and sequence in which each node has four children. It holds numbers in
 * typed arrays alone; a slot is where everything else about an event is kept, here (its keys) and by whoever plans it.
 */

export const leastRoom = 16

/** The root stands here, so that the four children of a node begin at a multiple of 4 and lie in one line of the cache. */
const root = 3

/** The keys of a slot lie side by side, in one line of the cache, where these say. */
const stride = 4
export const Key = { priority: 0, sequence: 1, every: 2, round: 3 } as const

export class EventHeap {
  private times = new Float64Array(leastRoom + root)
  /** The slot of each event in the heap; behind the last one, the slots that are free. */
  private slots = new Int32Array(leastRoom + root)
  private keys = new Float64Array(leastRoom * stride)
  /** The start of a repeated event, by its slot: apart, because most events have none. */
  starts = new Float64Array(leastRoom)
  private room = 0
  private held = 0

  constructor(room = leastRoom) {
    this.makeRoom(room)
  }

  get length(): number {
    return this.held
  }

  /** True where so little is held that less room would do. */
  get tooLarge(): boolean {
    return this.room > leastRoom && 8 * this.held < this.room
  }

  /** Of the first event; Infinity where there is none. */
  get firstTime(): number {
    return this.held === 0 ? Number.POSITIVE_INFINITY : (this.times[root] as number)
  }

  get firstSlot(): number {
    return this.slots[root] as number
  }

  key(slot: number, key: number): number {
    return this.keys[slot * stride + key] as number
  }

  setKey(slot: number, key: number, value: number): void {
    this.keys[slot * stride + key] = value
  }

  /** The slot of the next event to be added: its keys are to be set before. */
  freeSlot(): number {
    if (this.held === this.room) this.makeRoom(2 * this.room)
    return this.slots[this.held + root] as number
  }

  /** Adds the event of the free slot. */
  add(time: number): void {
    const at = root + this.held++
    this.rise(at, time, this.slots[at] as number)
  }

  /** Removes the first event; its slot is free. */
  removeFirst(): void {
    const freed = this.firstSlot
    const last = root + --this.held
    const time = this.times[last] as number
    const slot = this.slots[last] as number
    this.slots[last] = freed
    if (last > root) this.sink(time, slot, last)
  }

  /** Gives the first event another time. */
  postponeFirst(time: number): void {
    this.sink(time, this.firstSlot, root + this.held)
  }

  /** Removes every event whose slot fails a test; their slots are free. */
  keep(stays: (slot: number) => boolean): void {
    const { times, slots } = this
    const end = root + this.held
    let to = root
    for (let from = root; from < end; from++) {
      const slot = slots[from] as number
      if (!stays(slot)) continue
      slots[from] = slots[to] as number
      slots[to] = slot
      times[to++] = times[from] as number
    }
    this.held = to - root
    for (let at = root; at < to; at++) this.rise(at, times[at] as number, slots[at] as number)
  }

  /** Every event's slot and time, in firing order. */
  inOrder(): { slot: number; time: number }[] {
    const { times, slots } = this
    const all = Array.from({ length: this.held }, (_, i) => ({
      slot: slots[root + i] as number,
      time: times[root + i] as number,
    }))
    return all.sort((a, b) => a.time - b.time || (this.precedes(a.slot, b.slot) ? -1 : 1))
  }

  /** Moves an event up from a position. */
  private rise(from: number, time: number, slot: number): void {
    const { times, slots } = this
    let at = from
    while (at > root) {
      const parent = (at >> 2) + 2
      const above = times[parent] as number
      if (above < time || (above === time && !this.precedes(slot, slots[parent] as number))) break
      times[at] = above
      slots[at] = slots[parent] as number
      at = parent
    }
    times[at] = time
    slots[at] = slot
  }

  /**
   * Puts an event in from the top, where there is a gap: the gap moves down to the end, and the event rises from there. Events
   * that come from the end of the heap mostly stay near it, so this compares less than a search on the way down.
   */
  private sink(time: number, slot: number, end: number): void {
    const { times, slots } = this
    let gap = root
    for (let child = root + 1; child < end; child = 4 * (gap - 2)) {
      const least = this.leastOf(child, child + 4 < end ? child + 4 : end)
      times[gap] = times[least] as number
      slots[gap] = slots[least] as number
      gap = least
    }
    this.rise(gap, time, slot)
  }

  /** Which of the events from one position to another is the first. */
  private leastOf(from: number, end: number): number {
    const { times, slots } = this
    let least = from
    let time = times[from] as number
    for (let at = from + 1; at < end; at++) {
      const other = times[at] as number
      if (other < time || (other === time && this.precedes(slots[at] as number, slots[least] as number))) {
        least = at
        time = other
      }
    }
    return least
  }

  /** Which of two events of one instant fires first. */
  private precedes(a: number, b: number): boolean {
    const first = this.key(a, Key.priority)
    const second = this.key(b, Key.priority)
    return first < second || (first === second && this.key(a, Key.sequence) < this.key(b, Key.sequence))
  }

  private makeRoom(room: number): void {
    const { times, slots, keys, starts, held } = this
    this.times = new Float64Array(room + root)
    this.times.set(times.subarray(0, root + held))
    this.slots = Int32Array.from({ length: room + root }, (_, i) => i - root)
    this.slots.set(slots.subarray(0, root + held))
    this.keys = new Float64Array(room * stride)
    this.keys.set(keys)
    this.starts = new Float64Array(room)
    this.starts.set(starts)
    this.room = room
  }
}
