/** Why a connection ended, in a few words to count by. */

const patterns: readonly (readonly [RegExp, string])[] = [
  [/answer holds (.+)$/, ''],
  [/\b(E(?:Service|API|General|Query):[\w ]+)/, ''],
  [/closing code (\d+)/, 'closed '],
  [/Unexpected server response: (\d+)/, 'http '],
  [/\b(429|418|502|503|520)\b/, 'http '],
  [/ENOTFOUND|EAI_AGAIN|getaddrinfo/i, 'dns'],
  [/certificate|self.signed|SSL|TLS|EPROTO|wrong version/i, 'tls'],
  [/ECONNREFUSED/, 'refused'],
  [/ECONNRESET|socket hang up/, 'reset'],
  [/keepalive|timed out|timeout/i, 'timeout'],
]

export function endReason(error: unknown): string {
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error)
  for (const [pattern, name] of patterns) {
    const match = pattern.exec(text)
    if (match !== null) return match[1] === undefined ? name : (name + match[1]).trim()
  }
  return 'other'
}
