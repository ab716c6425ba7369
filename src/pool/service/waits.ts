/** Those who wait for something by its name: each until it is there, until its time is over, or until its connection is gone. */

type End<T> = (value: T | undefined) => void

export class Waits<T> {
  private readonly byName = new Map<string, Set<End<T>>>()
  private size = 0

  /** @param most that wait at once; one more does not wait. */
  constructor(private readonly most: number) {}

  /** For what is waited, and by how many, in the order in which names came. */
  counts(): [name: string, waits: number][] {
    return Array.from(this.byName, ([name, ends]) => [name, ends.size])
  }

  /** Undefined: its time is over, or nobody is there any more. */
  wait(name: string, ms: number, gone: AbortSignal): Promise<T | undefined> {
    if (this.size >= this.most) return Promise.resolve(undefined)
    this.size++
    return new Promise(resolve => {
      const end: End<T> = value => {
        clearTimeout(timer)
        gone.removeEventListener('abort', leave)
        this.remove(name, end)
        resolve(value)
      }
      const leave = () => end(undefined)
      const timer = setTimeout(leave, ms)
      gone.addEventListener('abort', leave)
      this.byName.set(name, (this.byName.get(name) ?? new Set<End<T>>()).add(end))
      if (gone.aborted) leave()
    })
  }

  /** To whoever has waited for it longest. */
  giveFirst(name: string, value: T): void {
    const [first] = this.byName.get(name) ?? []
    first?.(value)
  }

  giveAll(name: string, value: T): void {
    for (const end of [...(this.byName.get(name) ?? [])]) end(value)
  }

  private remove(name: string, end: End<T>): void {
    const ends = this.byName.get(name)
    if (ends?.delete(end)) this.size--
    if (ends?.size === 0) this.byName.delete(name)
  }
}
