/**
 * Builds the documentation site: the pages of docs/ and the reference from the docstrings, into site/, which works from
 * the disk without a network.
 *
 *     node scripts/docs.mjs [--no-api] [--out DIR]
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildReference } from './lib/docs/api.mjs'
import { withFigures } from './lib/docs/bench-tables.mjs'
import { renderMarkdown } from './lib/docs/markdown.mjs'
import { pageHtml, titleOf } from './lib/docs/page.mjs'
import { searchScript } from './lib/docs/search.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = join(root, 'docs')
const { values: asked } = parseArgs({ options: { 'no-api': { type: 'boolean' }, out: { type: 'string' } } })
const site = resolve(asked.out ?? join(root, 'site'))

rmSync(site, { recursive: true, force: true })
const pages = readPages()
for (const page of pages) writePage(page)
writeFileSync(join(site, 'search-sections.js'), searchScript(pages))
copyAssets()
if (!asked['no-api']) await buildReference(root, join(site, 'api'))
const dead = deadLinks()
for (const link of dead) console.error(`Dead link: ${link}`)
console.log(`${pages.length} pages in ${relative(process.cwd(), join(site, 'index.html'))}`)
if (dead.length > 0) process.exitCode = 1

/** Every page as HTML, its address within the site and its title. */
function readPages() {
  return filesIn(docs)
    .filter(path => path.endsWith('.md'))
    .map(path => page(path, withFigures(readFileSync(join(docs, path), 'utf8'), root)))
}

function page(path, text) {
  return { path, address: addressOf(path), title: titleOf(text, path), html: renderMarkdown(text, addressOf) }
}

function writePage({ html, address, title }) {
  const file = join(site, address)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, pageHtml({ title, address, body: html }))
}

/** Pictures, files to copy, the style sheet and the script keep their places. */
function copyAssets() {
  for (const path of filesIn(docs)) {
    if (!/\.(png|svg|gif|css|js|json|csv|sbatch|yaml|py)$/.test(path)) continue
    mkdirSync(dirname(join(site, path)), { recursive: true })
    cpSync(join(docs, path), join(site, path))
  }
}

/** `how-to/spaces.md` → `how-to/spaces.html`; a README is its folder's index. */
function addressOf(path) {
  return path.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html')
}

/** Links of the pages (the reference is typedoc's own business) to files that are not in the site. */
function deadLinks() {
  const skipped = asked['no-api'] ? /^api\// : /^$/
  return pages.flatMap(({ address }) => {
    const html = readFileSync(join(site, address), 'utf8')
    const targets = [...html.matchAll(/(?:href|src)="([^"#:]+)(?:#[^"]*)?"/g)].map(([, to]) =>
      posix.join(posix.dirname(address), to),
    )
    return targets.filter(to => !skipped.test(to) && !exists(join(site, to))).map(to => `${address} → ${to}`)
  })
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map(name => String(name).split(sep).join('/'))
    .filter(name => exists(join(folder, name)))
    .sort()
}
