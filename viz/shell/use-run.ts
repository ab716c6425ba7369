/** What components know of a run. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Run } from './run.js'

/** Draws the component again as the run goes on, as often as text can be read. Gives a number that counts up. */
export function useRun(run: Run): number {
  const [version, setVersion] = useState(run.version)
  useEffect(() => {
    setVersion(run.version)
    return run.onText(() => setVersion(run.version))
  }, [run])
  return version
}

/** Asks for parts as long as the component stands. */
export function useQuestions(run: Run, questions: readonly string[]): void {
  const owner = useRef({}).current
  const key = questions.join('\n')
  useEffect(() => {
    run.ask(owner, key === '' ? [] : key.split('\n'))
  }, [run, owner, key])
  useEffect(() => () => run.ask(owner, []), [run, owner])
}

/** Each card says what it wants to see; together they are one owner of questions. */
export function useAsks(run: Run): (card: string, questions: readonly string[]) => void {
  const owner = useRef(new Map<string, readonly string[]>()).current
  useEffect(() => () => run.ask(owner, []), [run])
  return useCallback(
    (card: string, questions: readonly string[]) => {
      owner.set(card, questions)
      run.ask(owner, [...owner.values()].flat())
    },
    [run],
  )
}
