/** What the three doors let out: few names, chosen by hand, each explained, and every type they mention among them. */
import { describe, expect, it } from 'vitest'
import { complaints, complaintsOfUsers, DOORS, type PublicName, publicNames } from './declarations.js'

/** A reader learns these, and every release has to keep them. Each system of agents brings its scenario and its schema. */
const MOST_VALUES = 207

const names = publicNames()
const show = ({ door, name }: PublicName): string => `${door}: ${name}`

describe('the public names', () => {
  it('are those of public-names.txt; a change of the list is a change of the package', async () => {
    await expect(listed()).toMatchFileSnapshot('./public-names.txt')
  })

  it(`are at most ${MOST_VALUES} values`, () => {
    expect(names.filter(({ kind }) => kind === 'value').length).toBeLessThanOrEqual(MOST_VALUES)
  })

  it('have one door each', () => {
    const seen = names.map(({ name }) => name)
    expect(seen.filter((name, i) => seen.indexOf(name) !== i)).toEqual([])
  })

  it('mention no type of the package that a user cannot import', () => {
    expect(names.flatMap(seen => seen.hidden.map(hidden => `${show(seen)} mentions ${hidden}`))).toEqual([])
  })

  it('compile without what is internal', () => expect(complaints()).toEqual([]))

  it('let the programs of the documentation compile against what ships', () => expect(complaintsOfUsers()).toEqual([]))

  it('say in a sentence what each of them is', () => {
    expect(names.filter(({ doc }) => !/^[^\n]*\S.{5}/.test(doc)).map(show)).toEqual([])
  })
})

/** A door a paragraph, values first, as a person reads a diff of it. */
function listed(): string {
  const of = (door: string, kind: PublicName['kind']) =>
    names.filter(seen => seen.door === door && seen.kind === kind).map(({ name }) => `  ${name}`)
  return Object.keys(DOORS)
    .flatMap(door => [door, ' values', ...of(door, 'value'), ' types', ...of(door, 'type'), ''])
    .join('\n')
}
