/** How long one waits for a Redis that is away: as long as it likes, until one is told to end, and then a moment. */

/** What came of the work; undefined where the signal came first. What comes of it after that is of no use. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = () => resolve(undefined)
    if (signal?.aborted) give()
    signal?.addEventListener('abort', give, { once: true })
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', give))
  })
}

/** Waits for the work to end, well or not, and no longer than so many ms; true where it ended. */
export function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), ms)
    const end = () => {
      clearTimeout(timer)
      resolve(true)
    }
    work.then(end, end)
  })
}
