/**
 * The price levels of one side of a book, by rank: the greatest rank is the best price. A tree of bits, 32 to a word, finds the
 * next level in as many looks as it has layers, so an operation costs the same at any depth. Each level is a queue of orders.
 */

/** Ranks a page of levels holds: pages are made when a price is first used. */
const PAGE = 64
/** What is kept of a level, side by side. Orders are slots, and 0 is none. */
const STRIDE = 4
const HEAD = 0
const TAIL = 1
const SHOWN = 2
const HIDDEN = 3

/** One side of a book as plain data. */
export interface PriceLadder {
  /** Ranks are 0 to `size` − 1. */
  readonly size: number
  /** The greatest rank with orders; -1: there is none. */
  best: number
  levels: number
  /** A bit for each rank with orders, then a bit for each word of those, and so on up to one word. */
  readonly bits: readonly Int32Array[]
  readonly pages: (Float64Array | null)[]
}

/** The queues that orders of a ladder stand in: the order before and the order behind each. */
export interface Links {
  previous: Int32Array
  next: Int32Array
}

/** A side without orders. */
export function newLadder(size: number): PriceLadder {
  const bits: Int32Array[] = []
  for (let words = size; words > 1; ) {
    words = Math.ceil(words / 32)
    bits.push(new Int32Array(words))
  }
  return { size, best: -1, levels: 0, bits, pages: new Array<null>(Math.ceil(size / PAGE)).fill(null) }
}

/** The first order of a level with orders. */
export function headOf({ pages }: PriceLadder, rank: number): number {
  return pageAt(pages, rank)[placeOf(rank) + HEAD] as number
}

/** Lots of a level that anybody sees. */
export function shownAt({ pages }: PriceLadder, rank: number): number {
  return pages[(rank / PAGE) | 0]?.[placeOf(rank) + SHOWN] ?? 0
}

/** Lots of a level that icebergs keep behind what they show. */
export function hiddenAt({ pages }: PriceLadder, rank: number): number {
  return pages[(rank / PAGE) | 0]?.[placeOf(rank) + HIDDEN] ?? 0
}

/** Puts an order behind all others of its level. */
export function append(ladder: PriceLadder, links: Links, rank: number, slot: number, shown: number, hidden: number): void {
  const page = ladder.pages[(rank / PAGE) | 0] ?? newPage(ladder, rank)
  const at = placeOf(rank)
  const last = page[at + TAIL] as number
  links.previous[slot] = last
  links.next[slot] = 0
  page[at + TAIL] = slot
  page[at + SHOWN] = (page[at + SHOWN] as number) + shown
  page[at + HIDDEN] = (page[at + HIDDEN] as number) + hidden
  if (last !== 0) links.next[last] = slot
  else {
    page[at + HEAD] = slot
    begin(ladder, rank)
  }
}

/** Takes an order out of its level. */
export function remove(ladder: PriceLadder, links: Links, rank: number, slot: number, shown: number, hidden: number): void {
  const page = pageAt(ladder.pages, rank)
  const at = placeOf(rank)
  const before = links.previous[slot] as number
  const behind = links.next[slot] as number
  if (before !== 0) links.next[before] = behind
  else page[at + HEAD] = behind
  if (behind !== 0) links.previous[behind] = before
  else page[at + TAIL] = before
  page[at + SHOWN] = (page[at + SHOWN] as number) - shown
  page[at + HIDDEN] = (page[at + HIDDEN] as number) - hidden
  if (before === 0 && behind === 0) end(ladder, rank)
}

/** Takes lots away from an order that keeps its place. */
export function lessen({ pages }: PriceLadder, rank: number, shown: number, hidden: number): void {
  const page = pageAt(pages, rank)
  const at = placeOf(rank)
  page[at + SHOWN] = (page[at + SHOWN] as number) - shown
  page[at + HIDDEN] = (page[at + HIDDEN] as number) - hidden
}

/** The next worse rank with orders; -1: there is none. */
export function nextBelow({ bits }: PriceLadder, rank: number): number {
  let at = rank
  for (let layer = 0; layer < bits.length; layer++) {
    const word = (bits[layer] as Int32Array)[at >>> 5] as number
    const below = word & ((1 << (at & 31)) - 1)
    if (below !== 0) return greatestUnder(bits, layer, ((at >>> 5) << 5) | highestBit(below))
    at >>>= 5
  }
  return -1
}

/** Goes down from a bit of a layer to the greatest rank under it. */
function greatestUnder(bits: readonly Int32Array[], layer: number, from: number): number {
  let at = from
  for (let below = layer - 1; below >= 0; below--) at = (at << 5) | highestBit((bits[below] as Int32Array)[at] as number)
  return at
}

function begin(ladder: PriceLadder, rank: number): void {
  ladder.levels++
  if (rank > ladder.best) ladder.best = rank
  let at = rank
  for (const words of ladder.bits) {
    const word = words[at >>> 5] as number
    words[at >>> 5] = word | (1 << (at & 31))
    if (word !== 0) return
    at >>>= 5
  }
}

function end(ladder: PriceLadder, rank: number): void {
  ladder.levels--
  let at = rank
  for (const words of ladder.bits) {
    const word = (words[at >>> 5] as number) & ~(1 << (at & 31))
    words[at >>> 5] = word
    if (word !== 0) break
    at >>>= 5
  }
  if (rank === ladder.best) ladder.best = nextBelow(ladder, rank)
}

function highestBit(word: number): number {
  return 31 - Math.clz32(word)
}

function placeOf(rank: number): number {
  return (rank % PAGE) * STRIDE
}

function pageAt(pages: PriceLadder['pages'], rank: number): Float64Array {
  return pages[(rank / PAGE) | 0] as Float64Array
}

function newPage({ pages }: PriceLadder, rank: number): Float64Array {
  const page = new Float64Array(PAGE * STRIDE)
  pages[(rank / PAGE) | 0] = page
  return page
}
