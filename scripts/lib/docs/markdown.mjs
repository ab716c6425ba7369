/** Markdown to HTML: headings that can be linked to, links between pages, and coloured TypeScript. */
import MarkdownIt from 'markdown-it'
import { highlight } from './highlight.mjs'

/** `addressOf` turns the path of a page into its address. */
export function renderMarkdown(text, addressOf) {
  const md = new MarkdownIt({ html: true, typographer: false, highlight })
  md.core.ruler.push('anchors', state => state.tokens.forEach(anchor))
  md.core.ruler.push('links', state => eachLink(state.tokens, token => pointToPage(token, addressOf)))
  md.renderer.rules.table_open = () => '<div class="table"><table>\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
  return md.render(text)
}

function anchor(token, i, tokens) {
  if (token.type !== 'heading_open') return
  const words = tokens[i + 1].content.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '')
  token.attrSet('id', words.trim().replace(/ +/g, '-'))
}

function eachLink(tokens, f) {
  for (const token of tokens) {
    if (token.type === 'link_open') f(token)
    eachLink(token.children ?? [], f)
  }
}

function pointToPage(token, addressOf) {
  const href = token.attrGet('href')
  if (/^[a-z]+:/.test(href)) return
  const [, path, fragment] = /^([^#]*)(#.*)?$/.exec(href)
  if (path.endsWith('.md')) token.attrSet('href', addressOf(path) + (fragment ?? ''))
}
