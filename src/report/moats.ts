/** Each moat as a product: what it sells, the outcome of its patterns, and its latest stream values. */

import { moats } from '../market/index.js'
import { type Columns, numbersOf, textsOf } from '../storage/index.js'
import type { ArchiveRow } from './archive.js'
import type { MoatProduct, Stream } from './data.js'
import { getOrInsert } from './get-or-insert.js'
import { reportLimits } from './limits.js'

export function moatsOf(rows: readonly ArchiveRow[], signals: Columns | undefined): MoatProduct[] {
  const streams = streamsOf(signals ?? {})
  const names = new Map<string, string>()
  for (const { moat } of rows) names.set(moat.toLowerCase(), moat)
  for (const moat of streams.keys()) if (!names.has(moat)) names.set(moat, moat.charAt(0).toUpperCase() + moat.slice(1))
  const order = ['finance', ...moats, ...[...names.keys()].sort()]
  const inOrder = [...new Set(order)].flatMap(key => (names.has(key) ? [[key, names.get(key) ?? key] as const] : []))
  return inOrder.map(([key, moat]) => product(moat, rows, streams.get(key) ?? []))
}

function product(moat: string, rows: readonly ArchiveRow[], streams: Stream[]): MoatProduct {
  const own = rows.filter(row => row.moat === moat)
  const counts: Record<string, number> = {}
  for (const { status } of own) counts[status] = (counts[status] ?? 0) + 1
  const distinct = (pick: (row: ArchiveRow) => string) => [...new Set(own.map(pick))]
  return { moat, products: distinct(row => row.product), signalTypes: distinct(row => row.signal_type), counts, streams }
}

/** The last values of every stream, by moat. */
function streamsOf(table: Columns): Map<string, Stream[]> {
  const [names, drivers, z] = [textsOf(table.moat), textsOf(table.driver), numbersOf(table.z)]
  const found = new Map<string, Stream & { moat: string }>()
  for (let i = 0; i < z.length; i++) {
    const [moat = '', driver = ''] = [names[i], drivers[i]]
    const placebo = table.placebo?.[i] === true
    const stream = getOrInsert(found, driver, () => ({ moat, driver, placebo, recent: [] }))
    stream.recent.push(Math.round((z[i] as number) * 100) / 100)
  }
  const byMoat = new Map<string, Stream[]>()
  for (const { moat, ...stream } of found.values()) {
    const recent = stream.recent.slice(-reportLimits.recent)
    getOrInsert(byMoat, moat.toLowerCase(), () => []).push({ ...stream, recent })
  }
  return byMoat
}
