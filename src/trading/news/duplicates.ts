/** Headlines that say the same in nearly the same words: found by their shingles, so that a story counts once however often it is printed. */

import type { TimeMs } from '../../core/index.js'

export const duplicateLimits = {
  /** Headlines that a new one is compared with: the latest. */
  kept: 2_000,
} as const

/** Share of common shingles from which two headlines are one. */
const SAME = 0.6

interface Kept {
  readonly time: TimeMs
  readonly shingles: readonly number[]
}

/** The latest headlines as plain data. */
export interface SeenHeadlines {
  readonly kept: Kept[]
}

export function newSeenHeadlines(): SeenHeadlines {
  return { kept: [] }
}

/** Whether a headline repeats one within a time; else it is kept. */
export function isRepeated(seen: SeenHeadlines, text: string, time: TimeMs, withinMs: number): boolean {
  const shingles = shinglesOf(text)
  while (seen.kept.length > 0 && (seen.kept[0] as Kept).time < time - withinMs) seen.kept.shift()
  if (seen.kept.some(other => alike(other.shingles, shingles) >= SAME)) return true
  if (seen.kept.length >= duplicateLimits.kept) seen.kept.shift()
  seen.kept.push({ time, shingles })
  return false
}

/** Hashes of each two words that follow each other, sorted and each once. */
function shinglesOf(text: string): number[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const hashes = new Set<number>()
  for (let i = 0; i < Math.max(1, words.length - 1); i++) hashes.add(hashOf(`${words[i] ?? ''} ${words[i + 1] ?? ''}`))
  return [...hashes].sort((a, b) => a - b)
}

/** FNV-1a (Fowler, Noll, Vo). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Common ones of all: Jaccard's index of two sorted lists. */
function alike(a: readonly number[], b: readonly number[]): number {
  let [common, i, j] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const difference = (a[i] as number) - (b[j] as number)
    if (difference === 0) common++
    if (difference <= 0) i++
    if (difference >= 0) j++
  }
  return common / (a.length + b.length - common)
}
