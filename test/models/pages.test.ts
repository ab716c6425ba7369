import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { models } from './kit.js'

const page = (name: string) => new URL(`../../docs/models/${name}`, import.meta.url)

describe.each(models.filter(({ name }) => name !== 'wealth'))('the page of $name', ({ name, scenario }) => {
  const text = readFileSync(page(`${name}.md`), 'utf8')

  it('names every parameter with its words, and no other', () => {
    const listed = [...text.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, key, words]) => [key, words])
    const { properties = {} } = z.toJSONSchema(scenario.params, { io: 'input' })
    expect(listed).toEqual(
      Object.entries(properties).map(([key, field]) => [key, (field as { description: string }).description]),
    )
  })

  it('shows a picture that is there', () => {
    if (name !== 'roster') expect(text).toContain(`](${name}.svg)`)
    for (const [, file] of text.matchAll(/\]\((\w[\w-]*\.svg)\)/g)) expect(existsSync(page(file as string))).toBe(true)
  })
})
