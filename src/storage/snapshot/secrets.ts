/** Secrets do not belong in a snapshot: what looks like one is refused before anything is written. */

import { fromBase58, OperatorError } from '../../core/index.js'

/** Names of fields that hold one. */
const secretName = /private_?key|secret|seed_?phrase|mnemonic|pass(word|phrase)|api_?key|access_?token|auth(orization)?$|keypair/i

/** Texts that are one, whatever they are called. */
const secretTexts: readonly [what: string, is: (text: string) => boolean][] = [
  ['a private key', text => /^[1-9A-HJ-NP-Za-km-z]{86,90}$/.test(text) && fromBase58(text)?.length === 64],
  ['a private key', text => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)],
  ['a private key', text => /^\[?\s*\d{1,3}(\s*,\s*\d{1,3}){31,63}\s*\]?$/.test(text)],
  ['a seed phrase', text => /^([a-z]{3,8} ){11}[a-z]{3,8}(( [a-z]{3,8}){3})*$/.test(text.trim())],
  ['an API key', text => /\b(sk|rk|pk)[-_][A-Za-z0-9_-]{16,}/.test(text)],
  ['a token of access', text => /\beyJ[\w-]{10,}\.[\w-]{10,}\./.test(text)],
]

/** @throws OperatorError that names the field, and never what is in it. Ids of transactions are signatures, which are as long as private keys. */
export function refuseSecrets(value: unknown, from: string, path: readonly string[] = []): void {
  const found = secretIn(value, path)
  if (found === null) {
    if (Array.isArray(value)) value.forEach((each, i) => void refuseSecrets(each, from, [...path, String(i)]))
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) refuseSecrets(inner, from, [...path, key])
    return
  }
  throw new OperatorError({
    what: `${from}, ${path.join('.')}`,
    expected: 'no secret',
    got: found,
    next: 'Take it out where the snapshot is made; nothing was written.',
  })
}

function secretIn(value: unknown, path: readonly string[]): string | null {
  const name = path.at(-1) ?? ''
  if (secretName.test(name) && value !== null && value !== '') return 'a field of that name'
  if (Array.isArray(value) && value.length === 64 && value.every(byte => Number.isInteger(byte) && byte >= 0 && byte < 256))
    return 'a private key'
  if (typeof value !== 'string' || (name === 'id' && path.at(-3) === 'transactions')) return null
  return secretTexts.find(([, is]) => is(value))?.[0] ?? null
}
