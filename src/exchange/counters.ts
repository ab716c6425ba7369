/** Counters by name, as plain data. */

/** A counter per name, all zero. */
export function zeroCounters<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map(n => [n, 0])) as Record<K, number>
}

/** Counts one of `name`. Once there are `most` names, those that are new count as `other`. */
export function countUp(counters: Record<string, number>, name: string, most: number): void {
  const known = Object.hasOwn(counters, name) || Object.keys(counters).length < most
  const key = known ? name : 'other'
  counters[key] = (counters[key] ?? 0) + 1
}
