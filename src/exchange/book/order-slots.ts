/** Where a book keeps its orders: columns of numbers by slot, reused when an order has ended. Slot 0 stands for no order. */

/** An order's id is its sequence times this, and its slot: ids rise in time, and lead to their slot without a table. */
const SLOTS = 2 ** 20

export const slotLimits = {
  /** Orders that live in one book; more are rejected as `tooManyOrders`. */
  bookOrders: SLOTS - 1,
} as const

/** The orders of a book as plain data. */
export interface OrderSlots {
  /** By slot; 0: the slot is free. */
  ids: Float64Array
  owners: Int32Array
  /** The price of a limit; of a market order the worst there is. */
  ticks: Int32Array
  /** The trigger of a stop that waits; 0: it waits for none. */
  stops: Int32Array
  /** Lots that can be seen. */
  shown: Float64Array
  /** Lots that an iceberg keeps behind, and how many it shows at a time. */
  hidden: Float64Array
  peaks: Float64Array
  /** See `Trait`. */
  traits: Uint8Array
  previous: Int32Array
  next: Int32Array
  /** The first free slot below `used`; 0: there is none. Free slots are linked by `next`. */
  free: number
  /** Slots ever used, and 1. */
  used: number
  live: number
  /** Orders accepted so far. */
  accepted: number
}

/** What an order is, as bits. */
export const Trait = { buy: 1, market: 2, immediate: 4 } as const

/** No orders. */
export function newSlots(): OrderSlots {
  return { ...columns(256), free: 0, used: 1, live: 0, accepted: 0 }
}

/** Takes a free slot and gives it the next id. */
export function takeSlot(orders: OrderSlots): number {
  let slot = orders.free
  if (slot !== 0) orders.free = orders.next[slot] as number
  else {
    slot = orders.used++
    if (slot === orders.ids.length) grow(orders)
  }
  orders.ids[slot] = ++orders.accepted * SLOTS + slot
  orders.live++
  return slot
}

/** Frees the slot of an order that has ended. */
export function freeSlot(orders: OrderSlots, slot: number): void {
  orders.ids[slot] = 0
  orders.next[slot] = orders.free
  orders.free = slot
  orders.live--
}

/** The slot of an order that lives; 0: there is no such order. */
export function slotOf({ ids }: OrderSlots, id: number): number {
  const slot = id % SLOTS
  return slot > 0 && ids[slot] === id ? slot : 0
}

function columns(room: number) {
  return {
    ids: new Float64Array(room),
    owners: new Int32Array(room),
    ticks: new Int32Array(room),
    stops: new Int32Array(room),
    shown: new Float64Array(room),
    hidden: new Float64Array(room),
    peaks: new Float64Array(room),
    traits: new Uint8Array(room),
    previous: new Int32Array(room),
    next: new Int32Array(room),
  }
}

function grow(orders: OrderSlots): void {
  const wider = columns(2 * orders.ids.length)
  for (const name of Object.keys(wider) as (keyof typeof wider)[]) wider[name].set(orders[name])
  Object.assign(orders, wider)
}
