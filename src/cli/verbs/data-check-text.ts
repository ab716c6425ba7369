/** What `mycelia data check` prints about candle files. */

import type { DataCheck, FileCheck, SourceCheck } from '../../feed/index.js'
import { formatTime } from '../../market/index.js'
import { grouped, leftColumns, percent } from '../text.js'

/** A row a file, then a line for each pair of sources that share bars. */
export function checkText({ files, sources }: DataCheck): string {
  return leftColumns(files.map(fileRow)) + sources.map(source => `${sourceLine(source)}\n`).join('')
}

/** Notes on files that a run does not read by default. */
export function checkNotes({ files, unnamed, unread }: DataCheck): string[] {
  const outside = [...new Set(files.flatMap(({ pair, outside }) => (outside && pair !== undefined ? [pair] : [])))]
  const notes: string[] = []
  if (outside.length > 0)
    notes.push(`Not among the 18 default pairs: ${outside.join(', ')}. A run reads them where --pairs names them.`)
  if (unnamed.length > 0) notes.push(`No pair in the name, and not checked: ${unnamed.join(', ')}.`)
  for (const { path, why } of unread) notes.push(`Not read: ${path}; ${why}.`)
  return notes
}

function fileRow(file: FileCheck): string[] {
  const { path, pair, quote, timeframe, rows, from, to, rejected, problem } = file
  const bad = Object.entries(rejected).map(([reason, n]) => `${n} ${reason}`)
  const all = [
    gapText(file),
    ...oddities(file),
    ...(quote === undefined || quote === 'USD' ? [] : [`prices in ${quote}`]),
    ...(bad.length > 0 ? [`rejected: ${bad.join(', ')}`] : []),
    ...(problem === undefined ? [] : [problem]),
  ]
  return [path, pair ?? '–', timeframe ?? '–', `${grouped(rows)} rows`, `${from ?? '–'} to ${to ?? '–'}`, all.join('; ')]
}

function gapText({ gaps, missingRows, coverage, longestGap }: FileCheck): string {
  if (gaps === 0 || longestGap === undefined) return 'no gaps'
  const longest = `the longest of ${grouped(longestGap.size)} from ${formatTime(longestGap.time)}`
  return `covers ${percent(coverage ?? 0)}: ${grouped(gaps)} gaps, ${grouped(missingRows)} bars missing, ${longest}`
}

/** A volume this many times the median is named. */
const oddVolume = 1_000
/** A move this large from one close to the next is named. */
const oddMove = 0.5

function oddities({ outliers, largestMove, volume, rows }: FileCheck): string[] {
  const odd: string[] = []
  if (outliers > 0) odd.push(`${grouped(outliers)} outliers (×10 or /10 of the close before)`)
  if (largestMove !== undefined && largestMove.size >= oddMove)
    odd.push(`the largest move is ${percent(largestMove.size)} at ${formatTime(largestMove.time)}`)
  if (rows > 0 && volume.zero === rows) odd.push('no row has a volume')
  else if (volume.zero > 0) odd.push(`${grouped(volume.zero)} rows without volume (${percent(volume.zero / rows)})`)
  if (volume.constant) odd.push('all rows have the same volume')
  if (volume.largest !== undefined && volume.largest.size >= oddVolume)
    odd.push(`the largest volume is ${grouped(volume.largest.size)} times the median, at ${formatTime(volume.largest.time)}`)
  return odd
}

function sourceLine(source: SourceCheck): string {
  const { pair, timeframe, path, others, bars, medianDifference, largestDifference, largestAt, correlation, agree } = source
  const before = others.length === 1 ? others[0] : `${others.length} files before it`
  const verdict = agree ? 'agree' : 'DO NOT AGREE'
  const closes = `closes differ by ${percent(medianDifference)} in the median and ${percent(largestDifference)} at most (${formatTime(largestAt)})`
  const moves = correlation === null ? '' : `, returns correlate ${correlation.toFixed(3)}`
  return `${pair} ${timeframe}: ${path} and ${before} ${verdict}: ${grouped(bars)} shared bars, ${closes}${moves}${shiftText(source)}`
}

function shiftText({ shiftedBars }: SourceCheck): string {
  if (shiftedBars === undefined) return ''
  const way = shiftedBars > 0 ? 'later' : 'earlier'
  return `; the first lies ${Math.abs(shiftedBars)} bars ${way} than the other: is one of them in local time?`
}
