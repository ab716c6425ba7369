/** The page's icons: strokes in the colour of the text. */

const paths = {
  play: 'M6 4v12l10-6z',
  pause: 'M6 4v12M13 4v12',
  step: 'M4 4v12l8-6zM15 4v12',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4',
  reset: 'M4 10a6 6 0 1 1 2 4.5M4 15v-3.5h3.5',
  theme: 'M10 3a7 7 0 1 0 7 7 5 5 0 0 1-7-7z',
  help: 'M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.5v.2',
  link: 'M8.5 11.5a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2l1-1',
  compare: 'M3 4h6v12H3zM11 4h6v12h-6z',
  close: 'M5 5l10 10M15 5 5 15',
  branch: 'M6 4v12M6 12c0-4 8-2 8-6M14 6V4M4 4h4M12 4h4',
  up: 'M10 15V5M6 9l4-4 4 4',
  down: 'M10 5v10M6 11l4 4 4-4',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`glyph glyph-${name}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
