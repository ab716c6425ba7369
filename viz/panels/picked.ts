/** The item of a chart that a reader picked: known by what it says, as items come anew with each frame. */

/** What tells one event or mark from another; where it ends and its details may change. */
interface Said {
  readonly time: number
  readonly group: string
  readonly label: string
  readonly lane?: string
  readonly price?: number
}

export function isSame(a: Said, b: Said | undefined): boolean {
  return a.time === b?.time && a.group === b.group && a.label === b.label && a.lane === b.lane && a.price === b.price
}

/** Where ← or → goes to from the picked item, round from end to end; from none, to the first or the last. Undefined for other keys. */
export function turnedTo<T>(key: string, items: readonly T[], isPicked: (item: T) => boolean): T | undefined {
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
  if (step === 0) return undefined
  const at = items.findIndex(isPicked)
  return at < 0 && step < 0 ? items.at(-1) : items[(at + step + items.length) % items.length]
}
