/** The code of a JavaScript text, without what its comments, texts and regular expressions hold. */

/** After these a slash begins a regular expression, and not a division. */
const beforeRegExp =
  /(?:^|[([{}=,;:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|instanceof|yield|await))\s*$/

/** Leaves the code of a text as it is, and of the rest only the marks around it. */
export function codeOf(text: string): string {
  return new Reader(text).code('')
}

class Reader {
  private at = 0

  constructor(private readonly text: string) {}

  /** Code up to a closing brace that it did not open, or to the end. */
  code(out: string): string {
    let braces = 0
    while (this.at < this.text.length) {
      const c = this.text[this.at] as string
      if (c === '}' && braces-- === 0) return out
      if (c === '{') braces++
      if (c === '"' || c === "'") out += this.quoted(c)
      else if (c === '`') out += this.template()
      else if (c === '/') out += this.slash(out)
      else {
        out += c
        this.at++
      }
    }
    return out
  }

  private quoted(mark: string): string {
    this.at++
    while (this.at < this.text.length && this.text[this.at] !== mark) this.at += this.text[this.at] === '\\' ? 2 : 1
    this.at++
    return mark + mark
  }

  /** A template keeps the code between `${` and `}`. */
  private template(): string {
    let out = '`'
    this.at++
    while (this.at < this.text.length && this.text[this.at] !== '`') {
      if (this.text.startsWith('${', this.at)) {
        this.at += 2
        out += `\${${this.code('')}}`
        this.at++
      } else this.at += this.text[this.at] === '\\' ? 2 : 1
    }
    this.at++
    return `${out}\``
  }

  private slash(before: string): string {
    const { text, at } = this
    if (text[at + 1] === '/') return this.skipTo('\n', at)
    if (text[at + 1] === '*') return this.skipTo('*/', at + 2)
    if (!beforeRegExp.test(before.slice(-16))) {
      this.at++
      return '/'
    }
    let inClass = false
    for (this.at++; this.at < text.length && (inClass || text[this.at] !== '/'); this.at++) {
      const c = text[this.at]
      if (c === '\\') this.at++
      else if (c === '[') inClass = true
      else if (c === ']') inClass = false
    }
    this.at++
    return '//'
  }

  private skipTo(end: string, from: number): string {
    const at = this.text.indexOf(end, from)
    this.at = at < 0 ? this.text.length : at + end.length
    return ' '
  }
}
