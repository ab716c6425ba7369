/** News as RSS or Atom: titles and times, and which token each names. */

import { type TimeMs, TransientError } from '../../core/index.js'
import { tokenLimits } from './limits.js'

export interface Headline {
  readonly title: string
  readonly time: TimeMs
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The headlines of a feed; an entry without a title or a time is passed over. @throws TransientError where it is no feed. */
export function headlinesIn(xml: string): Headline[] {
  if (!/<(rss|feed|rdf:RDF)[\s>]/i.test(xml.slice(0, 2_000))) throw new TransientError('no RSS or Atom')
  const entries = xml.match(/<(item|entry)[\s>][\s\S]*?<\/\1>/gi) ?? []
  return entries.slice(0, tokenLimits.headlines).flatMap(entry => {
    const title = textOf(entry, 'title')
    const time = Date.parse(
      textOf(entry, 'pubDate') || textOf(entry, 'updated') || textOf(entry, 'published') || textOf(entry, 'dc:date'),
    )
    return title === '' || !Number.isFinite(time) ? [] : [{ title: title.slice(0, 500), time }]
  })
}

/** The newest headline that names a token, by its symbol as a word of its own, or by its mint; null: there is none. */
export function headlineOf(headlines: readonly Headline[], { mint, symbol }: { mint: string; symbol: string }): Headline | null {
  const word =
    symbol.length < 3
      ? null
      : new RegExp(`(^|[^\\p{L}\\p{N}])\\$?${symbol.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}($|[^\\p{L}\\p{N}])`, 'iu')
  let newest: Headline | null = null
  for (const headline of headlines)
    if ((headline.title.includes(mint) || word?.test(headline.title) === true) && headline.time > (newest?.time ?? -1))
      newest = headline
  return newest
}

function textOf(entry: string, tag: string): string {
  const found = new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'i').exec(entry)?.[1] ?? ''
  const bare = found.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1').replace(/<[^>]+>/g, '')
  return bare.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, code: string) => entityOf(code) ?? whole).trim()
}

function entityOf(code: string): string | undefined {
  if (!code.startsWith('#')) return named[code.toLowerCase()]
  const value = /^#x/i.test(code) ? Number.parseInt(code.slice(2), 16) : Number.parseInt(code.slice(1), 10)
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined
}
