/**
 * The cheapest way between two places of a space (A*; Hart, Nilsson and Raphael 1968), and Dijkstra's where nothing is known of
 * the rest of the way. The heap keeps a place once for each cheaper way to it, and passes the dearer ones over.
 */

/** A way through a space: the places to go to, one after another. */
export interface Path<P extends number = number> {
  /** Without the place it begins at; the last is the goal. Empty where they are the same. */
  readonly steps: P[]
  /** What all its steps cost. */
  readonly cost: number
}

/** What a search must know of its space. */
export interface Ways {
  /** Writes the places one step from a place, and what each of these steps costs; returns how many there are. */
  around(place: number, places: number[], costs: number[]): number
  /** At least what the rest of the way costs; 0 where nothing is known of it. */
  least(place: number): number
}

/** Searches one space, again and again in the same memory. */
export class PathSearch {
  private costs = new Float64Array(0)
  private from = new Int32Array(0)
  /** The search that reached a place last, twice its number; one more once its way is final. */
  private seen = new Int32Array(0)
  private search = 0
  private readonly heap = new PlaceHeap()
  private readonly places: number[] = []
  private readonly stepCosts: number[] = []

  /** The cheapest way among `size` places; undefined where there is none. */
  find(start: number, goal: number, size: number, ways: Ways): Path | undefined {
    this.begin(size)
    const { costs, seen, heap } = this
    const reached = 2 * this.search
    seen[start] = reached
    costs[start] = 0
    heap.add(start, ways.least(start), ways.least(start))
    for (let place = heap.take(); place >= 0; place = heap.take()) {
      if (place === goal) return this.pathTo(goal, start)
      if (seen[place] !== reached) continue
      seen[place] = reached + 1
      this.reach(place, reached, ways)
    }
    return undefined
  }

  private reach(place: number, reached: number, ways: Ways): void {
    const { costs, seen, from, heap, places, stepCosts } = this
    const n = ways.around(place, places, stepCosts)
    for (let i = 0; i < n; i++) {
      const next = places[i] as number
      const cost = (costs[place] as number) + (stepCosts[i] as number)
      const known = seen[next] as number
      if (known >= reached && (known > reached || cost >= (costs[next] as number))) continue
      if (cost === Number.POSITIVE_INFINITY) continue
      seen[next] = reached
      costs[next] = cost
      from[next] = place
      const rest = ways.least(next)
      heap.add(next, cost + rest, rest)
    }
  }

  private begin(size: number): void {
    this.heap.clear()
    this.search++
    if (size <= this.costs.length) return
    const room = Math.max(size, 2 * this.costs.length)
    this.costs = new Float64Array(room)
    this.from = new Int32Array(room)
    this.seen = new Int32Array(room)
    this.search = 1
  }

  private pathTo(goal: number, start: number): Path {
    const steps: number[] = []
    for (let place = goal; place !== start; place = this.from[place] as number) steps.push(place)
    return { steps: steps.reverse(), cost: this.costs[goal] as number }
  }
}

/** A binary heap of places: the least total first, of equals the one with the least still to go. */
class PlaceHeap {
  private readonly places: number[] = []
  private readonly totals: number[] = []
  private readonly rests: number[] = []
  private size = 0

  clear(): void {
    this.size = 0
  }

  add(place: number, total: number, rest: number): void {
    let at = this.size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.isBefore(total, rest, parent)) break
      this.copy(parent, at)
      at = parent
    }
    this.put(at, place, total, rest)
  }

  /** −1 where it is empty. */
  take(): number {
    if (this.size === 0) return -1
    const first = this.places[0] as number
    const last = --this.size
    const total = this.totals[last] as number
    const rest = this.rests[last] as number
    let at = 0
    for (let child = 1; child < last; child = 2 * at + 1) {
      const other = child + 1
      if (other < last && this.isBefore(this.totals[other] as number, this.rests[other] as number, child)) child = other
      if (!this.isBefore(this.totals[child] as number, this.rests[child] as number, last)) break
      this.copy(child, at)
      at = child
    }
    this.put(at, this.places[last] as number, total, rest)
    return first
  }

  private isBefore(total: number, rest: number, other: number): boolean {
    const otherTotal = this.totals[other] as number
    return total < otherTotal || (total === otherTotal && rest < (this.rests[other] as number))
  }

  private put(at: number, place: number, total: number, rest: number): void {
    this.places[at] = place
    this.totals[at] = total
    this.rests[at] = rest
  }

  private copy(from: number, to: number): void {
    this.put(to, this.places[from] as number, this.totals[from] as number, this.rests[from] as number)
  }
}
