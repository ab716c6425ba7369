/** Where each waiting event is kept, by its handle: an open-addressing table in typed arrays, as large as what waits. */

const leastRoom = 16
/** Stands for an empty place: handles begin at 1. */
const empty = 0

/** The table is at most half full, and linear probing finds a handle within a few places. */
export class HandleTable {
  private handles = new Float64Array(leastRoom)
  private slots = new Int32Array(leastRoom)
  private held = 0

  get size(): number {
    return this.held
  }

  /** Adds a handle that the table does not hold. */
  add(handle: number, slot: number): void {
    if (2 * this.held >= this.handles.length) this.resize(2 * this.handles.length)
    this.held++
    this.put(handle, slot)
  }

  /** Forgets a handle and returns its slot, or -1. Closes the gap, so that every other handle is still found. */
  take(handle: number): number {
    const { handles, slots } = this
    const mask = handles.length - 1
    let gap = this.find(handle)
    if (handles[gap] === empty) return -1
    const slot = slots[gap] as number
    this.held--
    for (let at = (gap + 1) & mask; handles[at] !== empty; at = (at + 1) & mask) {
      const wanted = placeOf(handles[at] as number, mask)
      if (((at - wanted) & mask) < ((at - gap) & mask)) continue
      handles[gap] = handles[at] as number
      slots[gap] = slots[at] as number
      gap = at
    }
    handles[gap] = empty
    if (handles.length > leastRoom && 8 * this.held < handles.length) this.resize(handles.length / 2)
    return slot
  }

  /** Where the handle is, or where it would be. */
  private find(handle: number): number {
    const { handles } = this
    const mask = handles.length - 1
    let at = placeOf(handle, mask)
    while (handles[at] !== handle && handles[at] !== empty) at = (at + 1) & mask
    return at
  }

  private put(handle: number, slot: number): void {
    const at = this.find(handle)
    this.handles[at] = handle
    this.slots[at] = slot
  }

  private resize(room: number): void {
    const { handles, slots } = this
    this.handles = new Float64Array(room)
    this.slots = new Int32Array(room)
    for (let i = 0; i < handles.length; i++) if (handles[i] !== empty) this.put(handles[i] as number, slots[i] as number)
  }
}

/** Spreads handles that follow one another, or lie a power of two apart, over the whole table. Handles go up to 2^53. */
function placeOf(handle: number, mask: number): number {
  const mixed = Math.imul((handle | 0) ^ Math.imul((handle / 2 ** 32) | 0, 0x85ebca6b), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) & mask
}
