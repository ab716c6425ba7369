/** Sends the newest of many values: one at a time, and so rarely that a server's limit of messages is kept. */

import { useMemo, useRef } from 'preact/hooks'

/** Between two of them, ms. */
const every = 250

export class Paced<T> {
  private next: { value: T } | undefined
  private isBusy = false

  constructor(private readonly send: (value: T) => Promise<unknown>) {}

  push(value: T): void {
    this.next = { value }
    if (!this.isBusy) void this.work()
  }

  private async work(): Promise<void> {
    this.isBusy = true
    while (this.next !== undefined) {
      const { value } = this.next
      this.next = undefined
      await Promise.all([this.send(value), new Promise(resolve => setTimeout(resolve, every))])
    }
    this.isBusy = false
  }
}

/** One for a component's life, that sends by the newest function. */
export function usePaced<T>(send: (value: T) => Promise<unknown>): Paced<T> {
  const newest = useRef(send)
  newest.current = send
  return useMemo(() => new Paced((value: T) => newest.current(value)), [])
}
