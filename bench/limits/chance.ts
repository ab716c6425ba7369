/** The cheapest seeded chance that will do: mulberry32 (T. Ettinger), one 32-bit word of state in a closure. */

export type Chance = () => number

/** Uniform in [0, 1), 32 bits. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** 0 … n − 1 in random order. */
export function shuffledNumbers(n: number, chance: Chance): Int32Array {
  const order = new Int32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  return shuffle(order, n, chance)
}

/** Fisher–Yates over the first `n`. */
export function shuffle(order: Int32Array, n: number, chance: Chance): Int32Array {
  for (let i = n - 1; i > 0; i--) {
    const j = (chance() * (i + 1)) | 0
    const t = order[i] as number
    order[i] = order[j] as number
    order[j] = t
  }
  return order
}
