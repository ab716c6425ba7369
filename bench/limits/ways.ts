/** A* by hand on four neighbours: a binary heap of totals in typed arrays, the least rest first among equals. */

import { chanceOf } from './chance.js'

export function ways({ side, walkers, steps }: { side: number; walkers: number; steps: number }, seed: number): number {
  const chance = chanceOf(seed)
  const cells = side * side
  const wall = Uint8Array.from({ length: cells }, () => (chance() < 0.25 ? 1 : 0))
  const cost = new Int32Array(cells)
  const seen = new Int32Array(cells)
  const from = new Int32Array(cells)
  // One number an entry: total, then rest, then cell, so that one comparison orders them.
  const heap = new Float64Array(4 * cells)
  let search = 0

  const way = (start: number, goal: number): number => {
    const goalX = goal % side
    const goalY = (goal - goalX) / side
    search += 2
    let size = 0
    const add = (cell: number, g: number) => {
      const x = cell % side
      const h = Math.abs(x - goalX) + Math.abs((cell - x) / side - goalY)
      const key = ((g + h) * 4096 + h) * 65536 + cell
      let i = size++
      while (i > 0) {
        const parent = (i - 1) >> 1
        if ((heap[parent] as number) <= key) break
        heap[i] = heap[parent] as number
        i = parent
      }
      heap[i] = key
    }
    seen[start] = search
    cost[start] = 0
    add(start, 0)
    while (size > 0) {
      const top = heap[0] as number
      const last = heap[--size] as number
      let i = 0
      for (let child = 1; child < size; child = 2 * i + 1) {
        if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++
        if ((heap[child] as number) >= last) break
        heap[i] = heap[child] as number
        i = child
      }
      heap[i] = last
      const cell = top % 65536
      if (cell === goal) break
      if (seen[cell] !== search) continue
      seen[cell] = search + 1
      const x = cell % side
      const g = (cost[cell] as number) + 1
      for (let k = 0; k < 4; k++) {
        if ((k === 0 && x === 0) || (k === 1 && x === side - 1)) continue
        const next = cell + (k === 0 ? -1 : k === 1 ? 1 : k === 2 ? -side : side)
        if (next < 0 || next >= cells || wall[next] === 1) continue
        const known = seen[next] as number
        if (known > search || (known === search && g >= (cost[next] as number))) continue
        seen[next] = search
        cost[next] = g
        from[next] = cell
        add(next, g)
      }
    }
    if ((seen[goal] as number) < search) return 0
    const steps: number[] = []
    for (let cell = goal; cell !== start; cell = from[cell] as number) steps.push(cell)
    return steps.reverse().length
  }

  const free = () => {
    let cell = (chance() * cells) | 0
    while (wall[cell] === 1) cell = (chance() * cells) | 0
    return cell
  }
  const at = Int32Array.from({ length: walkers }, free)
  let gone = 0
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < walkers; i++) {
      const to = free()
      gone += way(at[i] as number, to)
      at[i] = to
    }
  }
  return gone
}
