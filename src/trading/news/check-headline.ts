/** Whether a headline may be read: what is not plain, timely text in a language that the scorer knows is counted, and says nothing. */

import { DAY_MS, MINUTE_MS, type TimeMs } from '../../core/index.js'
import type { Headline } from '../../market/index.js'

/** tooLong: beyond 4 KiB · markup: tags or entities · hidden: characters that are not seen or turn the text around · future, old: its instant · language: not written in Latin letters. */
export const headlineFaults = ['empty', 'tooLong', 'markup', 'hidden', 'future', 'old', 'language'] as const
export type HeadlineFault = (typeof headlineFaults)[number]

export const headlineLimits = {
  /** Bytes of a headline. */
  bytes: 4_096,
  /** How far its instant may be ahead of the clock, and behind it. */
  aheadMs: 5 * MINUTE_MS,
  ageMs: 7 * DAY_MS,
} as const

const markup = /<[a-z!/?][^>]*>|&(?:#\d+|#x[\da-f]+|[a-z]+);/i
// Zero-width characters, marks and overrides of direction, and what else has no width.
const hidden = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/
const letters = /\p{L}/gu
const latin = /\p{Script=Latin}/gu
/** Below this share of Latin letters the language is not one that the lexicon knows. */
const LATIN_SHARE = 0.8

/** Why a headline is not read at an instant; null: it is. */
export function headlineFault({ text, publishedAt }: Headline, now: TimeMs): HeadlineFault | null {
  if (text.trim() === '') return 'empty'
  // A character has at most four bytes; most texts are decided without counting.
  if (text.length > headlineLimits.bytes || bytesOf(text) > headlineLimits.bytes) return 'tooLong'
  if (hidden.test(text)) return 'hidden'
  if (markup.test(text)) return 'markup'
  if (!(publishedAt <= now + headlineLimits.aheadMs)) return 'future'
  if (publishedAt < now - headlineLimits.ageMs) return 'old'
  const all = text.match(letters)?.length ?? 0
  return all === 0 || (text.match(latin)?.length ?? 0) < LATIN_SHARE * all ? 'language' : null
}

function bytesOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
