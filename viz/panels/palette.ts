/** Colours of what surrounds the data of a chart, read from the page's style. */

export interface Theme {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly font: string
}

export function themeOf(element: Element): Theme {
  const style = getComputedStyle(element)
  const read = (name: string, standard: string) => style.getPropertyValue(name).trim() || standard
  return {
    text: read('--text', '#1b1f24'),
    muted: read('--muted', '#59636e'),
    line: read('--line', '#d1d9e0'),
    surface: read('--surface', '#ffffff'),
    font: style.fontFamily || 'sans-serif',
  }
}
