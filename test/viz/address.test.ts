import { expect, test } from 'vitest'
import type { About } from '../../src/view/index.js'
import { searchFor, shownBy } from '../../viz/shell/address.js'
import { searchText } from '../../viz/shell/search-text.js'

const values = ['5', 'true', 'null', '[1]', '"quoted"', 'plain words', '', 5, true, [1, 2]]

test.each(values.map(value => [value]))('a parameter of %j comes back from a link as it was', value => {
  const about = { scenario: 's', seed: 1, params: { p: value }, parameters: [{ name: 'p', default: 'standard' }] }
  expect(shownBy(searchFor(about as unknown as About, 3)).params).toEqual({ p: value })
})

test('a text that reads as nothing else stands in a link as it is', () => {
  const about = { scenario: 's', seed: 1, params: { p: 'moore' }, parameters: [{ name: 'p', default: 'standard' }] }
  expect(searchFor(about as unknown as About, 3)).toContain('p.p=moore')
})

test.each(['plain', '\u043f\u043e\u0438\u0441\u043a'.repeat(20), '\u641c\u7d22'.repeat(60), '\u{1f33f}'.repeat(80)])(
  'a search is as long as a question has room for: %s',
  typed => {
    const kept = searchText(typed)
    expect(encodeURIComponent(kept).length).toBeLessThanOrEqual(240)
    expect(typed.startsWith(kept)).toBe(true)
    expect(kept.length).toBeGreaterThanOrEqual(5)
  },
)

test('half a character is left out of a search', () => {
  expect(searchText('a\ud800b\udc00c\u{1f33f}')).toBe('abc\u{1f33f}')
})
