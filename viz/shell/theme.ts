/** Dark or light: by preference of the reader's system, or as switched on this page. */

const key = 'mycelia-theme'

export type Theme = 'light' | 'dark'

const prefersDark = matchMedia('(prefers-color-scheme: dark)')

export function theme(): Theme {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return prefersDark.matches ? 'dark' : 'light'
}

/** Takes the reader's earlier choice, where there is one. */
export function beginTheme(): void {
  const kept = read()
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept
}

export function switchTheme(): Theme {
  const next = theme() === 'dark' ? 'light' : 'dark'
  document.documentElement.dataset.theme = next
  try {
    localStorage.setItem(key, next)
  } catch {
    // A browser that keeps nothing still switches.
  }
  dispatchEvent(new Event('themechange'))
  return next
}

/** Calls the listener whenever the theme may have changed. Returns the undo. */
export function onTheme(listener: () => void): () => void {
  addEventListener('themechange', listener)
  prefersDark.addEventListener('change', listener)
  return () => {
    removeEventListener('themechange', listener)
    prefersDark.removeEventListener('change', listener)
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
