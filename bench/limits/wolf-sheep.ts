/** Wolves and sheep by hand: parallel arrays with free slots, one linked list of sheep a cell, grass as one array of countdowns. */

import { chanceOf, shuffle } from './chance.js'

export interface WolfSheepSize {
  width: number
  height: number
  sheep: number
  wolves: number
  regrow: number
  sheepReproduce: number
  wolfReproduce: number
  steps: number
}

export function wolfSheep(size: WolfSheepSize, seed: number): { sheep: number; wolves: number } {
  const { width, height, regrow, sheepReproduce, wolfReproduce, steps } = size
  const chance = chanceOf(seed)
  const cells = width * height
  const most = 16 * cells
  /** Steps until the grass is there; 0: it is. */
  const grass = new Int32Array(cells)
  const first = new Int32Array(cells).fill(-1)
  const next = new Int32Array(most)
  const prev = new Int32Array(most)
  const sheepAt = new Int32Array(most)
  const sheepEnergy = new Float64Array(most)
  const wolfAt = new Int32Array(most)
  const wolfEnergy = new Float64Array(most)
  const flock = new Int32Array(most)
  const place = new Int32Array(most)
  const pack = new Int32Array(most)
  const freeSheep = new Int32Array(most)
  const freeWolves = new Int32Array(most)
  const order = new Int32Array(most)
  let sheep = 0
  let wolves = 0
  let sheepEnd = 0
  let wolfEnd = 0
  let sheepFree = 0
  let wolfFree = 0

  const enter = (s: number, cell: number) => {
    const head = first[cell] as number
    next[s] = head
    prev[s] = -1
    if (head >= 0) prev[head] = s
    first[cell] = s
    sheepAt[s] = cell
  }
  const leave = (s: number) => {
    const after = next[s] as number
    const before = prev[s] as number
    if (after >= 0) prev[after] = before
    if (before >= 0) next[before] = after
    else first[sheepAt[s] as number] = after
  }
  const lamb = (cell: number, energy: number) => {
    const s = sheepFree > 0 ? (freeSheep[--sheepFree] as number) : sheepEnd++
    place[s] = sheep
    flock[sheep++] = s
    sheepEnergy[s] = energy
    enter(s, cell)
  }
  const loseSheep = (s: number) => {
    leave(s)
    const last = flock[--sheep] as number
    flock[place[s] as number] = last
    place[last] = place[s] as number
    sheepAt[s] = -1
    freeSheep[sheepFree++] = s
  }
  const cub = (cell: number, energy: number) => {
    const w = wolfFree > 0 ? (freeWolves[--wolfFree] as number) : wolfEnd++
    pack[wolves++] = w
    wolfAt[w] = cell
    wolfEnergy[w] = energy
  }
  const neighbor = (cell: number) => {
    const y = (cell / width) | 0
    const x = cell - y * width
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) {
      const k = (chance() * 8) | 0
      const k9 = k < 4 ? k : k + 1
      return cell + (((k9 / 3) | 0) - 1) * width + (k9 % 3) - 1
    }
    for (;;) {
      const k = (chance() * 9) | 0
      const nx = x + (k % 3) - 1
      const ny = y + ((k / 3) | 0) - 1
      if (k !== 4 && nx >= 0 && ny >= 0 && nx < width && ny < height) return ny * width + nx
    }
  }

  for (let cell = 0; cell < cells; cell++) grass[cell] = chance() < 0.5 ? 0 : 1 + ((chance() * regrow) | 0)
  for (let i = 0; i < size.sheep; i++) lamb((chance() * cells) | 0, (chance() * 10) | 0)
  for (let i = 0; i < size.wolves; i++) cub((chance() * cells) | 0, (chance() * 26) | 0)

  for (let step = 0; step < steps; step++) {
    let n = sheep
    for (let i = 0; i < n; i++) order[i] = flock[i] as number
    shuffle(order, n, chance)
    for (let i = 0; i < n; i++) {
      const s = order[i] as number
      const cell = neighbor(sheepAt[s] as number)
      leave(s)
      enter(s, cell)
      let energy = (sheepEnergy[s] as number) - 1
      if (grass[cell] === 0) {
        energy += 5
        grass[cell] = regrow
      }
      if (energy < 0) {
        loseSheep(s)
        continue
      }
      if (chance() < sheepReproduce) {
        energy /= 2
        lamb(cell, energy)
      }
      sheepEnergy[s] = energy
    }
    n = wolves
    shuffle(pack, n, chance)
    for (let i = 0; i < n; i++) {
      const w = pack[i] as number
      const cell = neighbor(wolfAt[w] as number)
      wolfAt[w] = cell
      let energy = (wolfEnergy[w] as number) - 1
      if ((first[cell] as number) >= 0) {
        let count = 0
        for (let s = first[cell] as number; s >= 0; s = next[s] as number) count++
        let s = first[cell] as number
        for (let k = count === 1 ? 0 : (chance() * count) | 0; k > 0; k--) s = next[s] as number
        loseSheep(s)
        energy += 13
      }
      if (energy < 0) {
        wolfAt[w] = -1
        continue
      }
      if (chance() < wolfReproduce) {
        energy /= 2
        cub(cell, energy)
      }
      wolfEnergy[w] = energy
    }
    let kept = 0
    for (let i = 0; i < wolves; i++) {
      const w = pack[i] as number
      if ((wolfAt[w] as number) >= 0) pack[kept++] = w
      else freeWolves[wolfFree++] = w
    }
    wolves = kept
    for (let cell = 0; cell < cells; cell++) if ((grass[cell] as number) > 0) grass[cell] = (grass[cell] as number) - 1
  }
  return { sheep, wolves }
}
