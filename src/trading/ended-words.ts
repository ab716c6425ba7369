/** Pairs whose data ended, in a sentence: the terminal and the report print the same. */

/** A pair whose data ended while positions were open; a part of a run's summary. */
export interface EndedPair {
  readonly pair: string
  readonly lastBarEnd: number
  readonly positions: number
}

/** `loss`: what a position lost against the last close, a fraction. Empty where no data ended. */
export function dataEndedSentence(ended: readonly EndedPair[], loss: number | undefined): string {
  if (ended.length === 0) return ''
  const worse = loss === undefined ? 'at a loss against' : `${Number((loss * 100).toFixed(2))} % worse than`
  return `Data ended: ${ended.map(pairWords).join('; ')}; closed ${worse} the last close, at which they were marked until then.`
}

function pairWords({ pair, lastBarEnd, positions }: EndedPair): string {
  const written = new Date(lastBarEnd).toISOString() // nondeterminism-ok: writes a given time, does not ask for one
  const minute = written.slice(0, 16).replace('T', ' ')
  return `${pair} after ${minute} UTC, ${positions} ${positions === 1 ? 'position' : 'positions'}`
}
