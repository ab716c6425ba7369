/** Of many values sends the newest: one at a time, and so rarely that a server's limit of messages is kept. */

/** Between two of them, ms. */
const every = 250

export class Paced<T, R> {
  private next: { readonly value: T; readonly waiting: readonly ((result: R) => void)[] } | undefined
  private isBusy = false

  /** `send` never rejects. */
  constructor(private readonly send: (value: T) => Promise<R>) {}

  /** Resolves to what became of it, or of the one that came in its place. */
  push(value: T): Promise<R> {
    return new Promise(resolve => {
      this.next = { value, waiting: [...(this.next?.waiting ?? []), resolve] }
      if (!this.isBusy) void this.work()
    })
  }

  /** Sends what waits, before this returns. */
  async flush(): Promise<void> {
    const { next } = this
    if (next === undefined) return
    this.next = undefined
    const result = await this.send(next.value)
    for (const tell of next.waiting) tell(result)
  }

  private async work(): Promise<void> {
    this.isBusy = true
    while (this.next !== undefined) await Promise.all([this.flush(), new Promise(resolve => setTimeout(resolve, every))])
    this.isBusy = false
  }
}
