/** Boids by hand: coordinates and headings in doubles, cell lists in integers, updated when a bird leaves its cell. */

import { chanceOf, shuffle } from './chance.js'

export interface FlockingSize {
  birds: number
  /** Side of the square. */
  size: number
  vision: number
  steps: number
}

export interface Flock {
  step(): void
  /** Mean number of neighbours met in the last step. */
  neighbors(): number
}

export function flocking({ birds, size, vision, steps }: FlockingSize, seed: number): number {
  const flock = flockOf({ birds, size, vision }, seed)
  for (let step = 0; step < steps; step++) flock.step()
  return flock.neighbors()
}

export function flockOf({ birds, size, vision }: Omit<FlockingSize, 'steps'>, seed: number): Flock {
  const chance = chanceOf(seed)
  const side = Math.max(3, Math.floor(size / vision))
  const perUnit = side / size
  const x = new Float64Array(birds)
  const y = new Float64Array(birds)
  const vx = new Float64Array(birds)
  const vy = new Float64Array(birds)
  const order = new Int32Array(birds)
  const first = new Int32Array(side * side).fill(-1)
  const next = new Int32Array(birds)
  const prev = new Int32Array(birds)
  const cellOf = new Int32Array(birds)
  let met = 0

  const enter = (bird: number, cell: number) => {
    const head = first[cell] as number
    next[bird] = head
    prev[bird] = -1
    if (head >= 0) prev[head] = bird
    first[cell] = bird
    cellOf[bird] = cell
  }
  const leave = (bird: number) => {
    const after = next[bird] as number
    const before = prev[bird] as number
    if (after >= 0) prev[after] = before
    if (before >= 0) next[before] = after
    else first[cellOf[bird] as number] = after
  }
  const cellAt = (px: number, py: number) => ((py * perUnit) | 0) * side + ((px * perUnit) | 0)
  for (let bird = 0; bird < birds; bird++) {
    x[bird] = chance() * size
    y[bird] = chance() * size
    const angle = chance() * 2 * Math.PI
    vx[bird] = Math.cos(angle)
    vy[bird] = Math.sin(angle)
    order[bird] = bird
    enter(bird, cellAt(x[bird] as number, y[bird] as number))
  }
  const far = vision * vision

  const fly = (bird: number) => {
    const px = x[bird] as number
    const py = y[bird] as number
    const column = (px * perUnit) | 0
    const row = (py * perUnit) | 0
    let n = 0
    let cohereX = 0
    let cohereY = 0
    let apartX = 0
    let apartY = 0
    let matchX = 0
    let matchY = 0
    for (let r = row - 1; r <= row + 1; r++) {
      const shiftY = r < 0 ? -size : r >= side ? size : 0
      const line = (r < 0 ? r + side : r >= side ? r - side : r) * side
      for (let c = column - 1; c <= column + 1; c++) {
        const shiftX = c < 0 ? -size : c >= side ? size : 0
        const cell = line + (c < 0 ? c + side : c >= side ? c - side : c)
        for (let other = first[cell] as number; other >= 0; other = next[other] as number) {
          const dx = (x[other] as number) + shiftX - px
          const dy = (y[other] as number) + shiftY - py
          const distance = dx * dx + dy * dy
          if (distance > far || other === bird) continue
          n++
          cohereX += dx
          cohereY += dy
          matchX += vx[other] as number
          matchY += vy[other] as number
          if (distance < 1) {
            apartX -= dx
            apartY -= dy
          }
        }
      }
    }
    met += n
    const each = 1 / Math.max(n, 1)
    let hx = (vx[bird] as number) + (cohereX * 0.03 + apartX * 0.015 + matchX * 0.05) * each
    let hy = (vy[bird] as number) + (cohereY * 0.03 + apartY * 0.015 + matchY * 0.05) * each
    const length = Math.sqrt(hx * hx + hy * hy)
    hx /= length
    hy /= length
    vx[bird] = hx
    vy[bird] = hy
    let nx = px + hx
    let ny = py + hy
    if (nx < 0) nx += size
    else if (nx >= size) nx -= size
    if (ny < 0) ny += size
    else if (ny >= size) ny -= size
    x[bird] = nx
    y[bird] = ny
    const cell = cellAt(nx, ny)
    if (cell !== cellOf[bird]) {
      leave(bird)
      enter(bird, cell)
    }
  }
  return {
    step() {
      met = 0
      shuffle(order, birds, chance)
      for (let i = 0; i < birds; i++) fly(order[i] as number)
    },
    neighbors: () => met / birds,
  }
}
