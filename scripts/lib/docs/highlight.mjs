/** Colours of TypeScript, by the compiler's own scanner: words, texts, numbers, comments. */
import ts from 'typescript'
import { escapeHtml } from './page.mjs'

/** The HTML of a block of code; other languages than TypeScript are left plain. */
export function highlight(code, language) {
  if (language !== 'ts') return escapeHtml(code)
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, code)
  const braces = []
  let afterDot = false
  let html = ''
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    kind = insideTemplate(scanner, kind, braces)
    const name = afterDot ? undefined : classOf(kind)
    afterDot = kind === ts.SyntaxKind.DotToken
    const text = escapeHtml(scanner.getTokenText())
    html += name === undefined ? text : `<span class="${name}">${text}</span>`
  }
  return html
}

/** Tracks braces, because the scanner cannot know where a `}` ends a substitution and the template's text continues. */
function insideTemplate(scanner, kind, braces) {
  if (kind === ts.SyntaxKind.TemplateHead) braces.push(0)
  else if (braces.length === 0) return kind
  else if (kind === ts.SyntaxKind.OpenBraceToken) braces[braces.length - 1]++
  else if (kind === ts.SyntaxKind.CloseBraceToken && braces.at(-1) > 0) braces[braces.length - 1]--
  else if (kind === ts.SyntaxKind.CloseBraceToken) {
    const continued = scanner.reScanTemplateToken(false)
    if (continued === ts.SyntaxKind.TemplateTail) braces.pop()
    return continued
  }
  return kind
}

function classOf(kind) {
  const { SyntaxKind: K } = ts
  if (kind === K.SingleLineCommentTrivia || kind === K.MultiLineCommentTrivia) return 'comment'
  if (kind === K.NumericLiteral || kind === K.BigIntLiteral) return 'number'
  if (kind === K.StringLiteral || (kind >= K.FirstTemplateToken && kind <= K.LastTemplateToken)) return 'string'
  if (kind >= K.FirstReservedWord && kind <= K.LastReservedWord) return 'keyword'
  if ([K.TypeKeyword, K.StaticKeyword, K.OverrideKeyword, K.ReadonlyKeyword, K.AsyncKeyword, K.AbstractKeyword].includes(kind))
    return 'keyword'
  return undefined
}
