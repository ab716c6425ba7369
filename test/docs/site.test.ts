/** The documentation site: built by one command, whole, and readable from the disk. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, temporaryFolder } from '../packaging/npm.js'
import { pages, root, textOf } from './pages.js'

describe('the pages', () => {
  it('lead only to pages that are there', () => {
    const known = new Set(['ARCHITECTURE.md', 'CHANGELOG.md', ...pages])
    expect(pages.flatMap(page => linksOf(page).filter(target => !known.has(target) && !isElsewhere(target)))).toEqual([])
  })
})

describe('the site', () => {
  it('is built by one command, leads nowhere that is not there, and needs no network', () => {
    const out = join(temporaryFolder('site'), 'site')
    const built = run(root, process.execPath, [join(root, 'scripts/docs.mjs'), '--no-api', '--out', out])
    expect(built.stderr).toBe('')
    expect(built.code).toBe(0)
    const html = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.html'))
    expect(html.length).toBeGreaterThan(pages.length)
    for (const name of html) {
      const text = readFileSync(join(out, name), 'utf8')
      expect(text.match(/(?:src|<link[^>]*href)="(?:https?:)?\/\//)).toBeNull()
    }
    const bench = readFileSync(join(out, 'benchmarks.html'), 'utf8')
    expect(bench).not.toContain('bench:')
    expect(bench).toMatch(existsSync(join(root, 'bench/results.json')) ? /<td>schelling<\/td>/ : /Nothing has been measured/)
  })
})

function linksOf(page: string): string[] {
  const text = textOf(page).replace(/```[\s\S]*?```/g, '')
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, to]) => {
    const target = to ?? ''
    return /^[a-z]+:/.test(target)
      ? target
      : relative(root, join(root, page, '..', target))
          .split(sep)
          .join('/')
  })
}

/** Addresses on the web, pictures, folders, and what the build of the site makes. */
function isElsewhere(target: string): boolean {
  return /^[a-z]+:|\.(png|svg)$|^docs\/(api|results|models|decisions)\b/.test(target) || existsSync(join(root, target))
}
