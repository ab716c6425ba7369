/** Takes secrets out of text: those that the environment holds, and what looks like one. */

type Environment = Readonly<Record<string, string | undefined>>

const secretNames = /(TOKEN|SECRET|KEY|PASSWORD|WEBHOOK)/i
/** A shorter value is a word that may stand in any sentence. */
const shortestSecret = 6
const hidden = '[secret]'

/** Bots of Telegram in addresses, webhooks, passwords in addresses, bearer tokens. */
const shapes: readonly [RegExp, string][] = [
  [/\bbot\d{3,}:[\w-]+/g, `bot${hidden}`],
  [/(https?:\/\/[^\s/"']*(?:slack|discord)[^\s/"']*\/)[^\s"']+/gi, `$1${hidden}`],
  [/(\b[a-z][\w+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+@/gi, `$1${hidden}@`],
  [/(\bBearer\s+)[\w.~+/=-]+/gi, `$1${hidden}`],
]

export type Redact = (text: string) => string

/** The same text without the secrets of this environment. */
export function redactor(environment: Environment): Redact {
  const secrets = Object.entries(environment)
    .flatMap(([name, value]) => (secretNames.test(name) && value !== undefined ? partsOf(value) : []))
    .filter(value => value.length >= shortestSecret)
    // A longer one may hold a shorter one.
    .sort((a, b) => b.length - a.length)
  return text => {
    let shown = text
    for (const secret of secrets) shown = shown.replaceAll(secret, hidden)
    for (const [shape, instead] of shapes) shown = shown.replace(shape, instead)
    return shown
  }
}

/** Of an address its path too: an error may tell that alone. */
function partsOf(value: string): string[] {
  if (!URL.canParse(value)) return [value]
  const { pathname } = new URL(value)
  return pathname.length > 1 ? [value, pathname] : [value]
}
