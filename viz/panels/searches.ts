/** Searches that one panel begins in another: a cell of a table leads to the rows of another table. */

const listeners = new Map<string, (text: string) => void>()

/** Shows the rows of the panel of that title that hold the text. */
export function searchIn(panel: string, text: string): void {
  const card = document.querySelector(`.panel[aria-label="${CSS.escape(panel)}"]`)
  card?.scrollIntoView({ block: 'start' })
  waiting.set(panel, text)
  tell(panel)
}

/** What was looked for before the panel was drawn. */
const waiting = new Map<string, string>()

/** Called with each text that is looked for in a panel. Returns the undo. */
export function onSearch(panel: string, listener: (text: string) => void): () => void {
  listeners.set(panel, listener)
  tell(panel)
  return () => void (listeners.get(panel) === listener && listeners.delete(panel))
}

function tell(panel: string): void {
  const [listener, text] = [listeners.get(panel), waiting.get(panel)]
  if (listener === undefined || text === undefined) return
  waiting.delete(panel)
  listener(text)
}
