/** Dark or light: by preference of the reader's system, or as switched on this page. It stands in `data-theme`, where style sheets read it. */

const key = 'mycelia-theme'

type Theme = 'light' | 'dark'

const prefersDark = matchMedia('(prefers-color-scheme: dark)')
let kept: Theme | undefined

/** Takes the reader's earlier choice, where there is one, and follows the system otherwise. */
export function beginTheme(): void {
  const stored = read()
  kept = stored === 'light' || stored === 'dark' ? stored : undefined
  show()
  prefersDark.addEventListener('change', show)
}

export function switchTheme(): void {
  kept = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'
  try {
    localStorage.setItem(key, kept)
  } catch {
    // A browser that keeps nothing still switches.
  }
  show()
}

/** Calls the listener after each change. Returns the undo. */
export function onTheme(listener: () => void): () => void {
  addEventListener(changed, listener)
  return () => removeEventListener(changed, listener)
}

const changed = 'themechange'

function show(): void {
  document.documentElement.dataset.theme = kept ?? (prefersDark.matches ? 'dark' : 'light')
  dispatchEvent(new Event(changed))
}

function read(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
