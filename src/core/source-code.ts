/** The code of a JavaScript text, without what its comments, texts and regular expressions hold. */

/** After these a slash begins a regular expression, and not a division. */
const beforeRegExp =
  /(?:^|[([{}=,;:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|instanceof|yield|await))\s*$/

/** @internal The text with its code and the marks around texts as they are, and blanks for the rest: lengths and lines stay. */
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
      else out += this.take()
    }
    return out
  }

  private quoted(mark: string): string {
    const { text } = this
    let end = this.at + 1
    while (end < text.length && text[end] !== mark) end += text[end] === '\\' ? 2 : 1
    return this.take() + this.blanks(end) + this.take()
  }

  /** A template keeps the code between `${` and `}`. */
  private template(): string {
    const { text } = this
    let out = this.take()
    let end = this.at
    while (end < text.length && text[end] !== '`') {
      if (text.startsWith('${', end)) {
        out += this.blanks(end) + this.take(2)
        out = this.code(out) + this.take()
        end = this.at
      } else end += text[end] === '\\' ? 2 : 1
    }
    return out + this.blanks(end) + this.take()
  }

  private slash(before: string): string {
    const { text, at } = this
    if (text[at + 1] === '/') return this.blanks(this.endOf('\n', at))
    if (text[at + 1] === '*') return this.blanks(this.endOf('*/', at + 2) + 2)
    if (!beforeRegExp.test(before.slice(-400).trimEnd().slice(-16))) return this.take()
    let inClass = false
    let end = at + 1
    for (; end < text.length && (inClass || text[end] !== '/'); end++) {
      const c = text[end]
      if (c === '\\') end++
      else if (c === '[') inClass = true
      else if (c === ']') inClass = false
    }
    return this.take() + this.blanks(end) + this.take()
  }

  private endOf(mark: string, from: number): number {
    const at = this.text.indexOf(mark, from)
    return at < 0 ? this.text.length : at
  }

  private take(n = 1): string {
    this.at += n
    return this.text.slice(this.at - n, this.at)
  }

  private blanks(to: number): string {
    const passed = this.text.slice(this.at, to)
    this.at = Math.min(to, this.text.length)
    return passed.replace(/[^\n]/g, ' ')
  }
}
