/** What a reader is sent to must be there: commands that fetch nothing foreign, and pages that the repository has. */
import type { Finding } from './source.js'

/** `npx mycelia` would fetch whatever has that name in the public registry. */
const COMMANDS = [
  { says: 'npx without --no-install may fetch a package of strangers', pattern: /\bnpx (?!--no-install\b)(?:-\S+ )*mycelia\b/ },
]

/** Ways to name pages that were never part of this repository, or sections that its pages do not number. */
const CITATIONS = [
  { says: 'a section of a page that is not here', pattern: /(?<![\w.])[A-Za-z]+ §\d/ },
  { says: 'a section that the page does not number', pattern: /\b\w+\.md §/ },
  { says: 'an id outside the name of a test', pattern: /\breliability,? (?:[A-Z]\d{1,2}\b|reference)/ },
  {
    says: 'an original that no reader has',
    pattern: /\bthe original['’]s\b|\ban original (?!agent)|\bthe original (?:layout|wrote|plus)\b/i,
  },
]

export const checkCommands = (path: string, text: string): Finding[] => occurrences(path, text, COMMANDS)
export const checkCitations = (path: string, text: string): Finding[] => occurrences(path, text, CITATIONS)

function occurrences(path: string, text: string, patterns: readonly { says: string; pattern: RegExp }[]): Finding[] {
  return text
    .split('\n')
    .flatMap((line, i) => patterns.filter(({ pattern }) => pattern.test(line)).map(({ says }) => ({ path, line: i + 1, says })))
}
