/** Work over the network that ends in time. */

/**
 * Runs `work` with a signal that aborts after `ms`, or with `until`. Not `AbortSignal.any`: with it a signal that lives as long
 * as the run keeps a trace of every request there ever was.
 */
export async function withinTime<T>(
  ms: number,
  until: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(end, ms)
  until?.addEventListener('abort', end)
  if (until?.aborted) end()
  try {
    return await work(ending.signal)
  } finally {
    clearTimeout(timer)
    until?.removeEventListener('abort', end)
  }
}
