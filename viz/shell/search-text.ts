/** A search as a question has room for it. */

/** Characters of it, encoded; what else stands in the question takes the rest of its length. */
const room = 240

/** The beginning of a typed text that fits, without halves of characters, which no address can hold. */
export function searchText(typed: string): string {
  let left = room
  let kept = ''
  for (const character of typed) {
    if (/^\p{Surrogate}$/u.test(character)) continue
    left -= encodeURIComponent(character).length
    if (left < 0) break
    kept += character
  }
  return kept
}
