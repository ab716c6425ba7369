/** A deadline for work over the network. */

/**
 * Runs `work` with a signal that aborts after `ms`, or with `until`. It avoids `AbortSignal.any`, with
 * which a signal that lives as long as the run would keep a reference for every request.
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
