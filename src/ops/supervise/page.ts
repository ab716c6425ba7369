/** The status as one page of HTML without scripts: it asks for itself again every five seconds. */

import type { ChildStatus, SupervisorStatus } from './status.js'

const titles = ['child', 'state', 'level', 'faults', 'restarts', 'silent', 'memory', 'run'] as const

export function statusPage(status: SupervisorStatus): string {
  const { children, unacknowledged, events, updatedAt, checkedAt } = status
  const checked = checkedAt === null ? 'not yet' : timeText(checkedAt)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Supervisor</title></head><body>',
    `<h1>Supervisor</h1><p>Process ${status.pid}, as of ${timeText(updatedAt)}; health checked ${checked}.</p>`,
    table(titles, children.map(childCells)),
    '<h2>To be acknowledged</h2>',
    unacknowledged.length === 0
      ? '<p>Nothing.</p>'
      : table(
          ['time', 'key', 'text'],
          unacknowledged.map(({ time, key, text }) => [timeText(time), key, text]),
        ),
    '<h2>Events</h2>',
    table(
      ['time', 'child', 'event', 'detail'],
      events.map(e => [timeText(e.time), e.child, e.kind, JSON.stringify(e.detail)]),
    ),
    '</body></html>',
  ].join('\n')
}

function childCells({ name, state, level, faults, restarts, silentMs, beat, run }: ChildStatus): string[] {
  const found = faults.map(({ code, detail }) => `${code} (${detail})`).join('; ')
  const memory = beat === null ? '' : `${Math.round(beat.rssBytes / 1e6)} MB`
  return [name, state, level, found || 'none', String(restarts), `${Math.round(silentMs / 100) / 10} s`, memory, run]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map(cell => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${line(head, 'th')}${rows.map(row => line(row, 'td')).join('')}</table>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, 19)
}
