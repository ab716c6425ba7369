/** Charts take turns: one a picture, so that many of them never make a picture late. */

import { useEffect, useState } from 'preact/hooks'

/** Those that wait, each once; there are no more than cards on the page. */
const waiting = new Map<object, () => void>()
let isPlanned = false

function takeTurn(): void {
  const [next] = waiting
  isPlanned = false
  if (next === undefined) return
  waiting.delete(next[0])
  next[1]()
  plan()
}

function plan(): void {
  if (isPlanned || waiting.size === 0) return
  isPlanned = true
  requestAnimationFrame(takeTurn)
}

/** The newest version for which it has been this one's turn. */
export function useTurn(version: number): number {
  const [shown, setShown] = useState(version)
  const [key] = useState({})
  useEffect(() => {
    waiting.set(key, () => setShown(version))
    plan()
  }, [version])
  useEffect(() => () => void waiting.delete(key), [])
  return shown
}
