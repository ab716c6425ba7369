/** Reads what `traceroute -n` prints: hops with several addresses, stars and marks, IPv4 and IPv6, also where the output was cut. */

/** The answer to one probe; a null round trip: none came. */
export interface Probe {
  readonly address: string | null
  readonly rttMs: number | null
  /** `!H`, `!N`, `!X` and their like: the router said that it does not go on. */
  readonly mark: string | null
}

/** One line of a traced route. */
export interface TracedHop {
  readonly ttl: number
  readonly probes: readonly Probe[]
}

/** A traced route. */
export interface TracedRoute {
  /** The address that the host's name stands for; null where the first line is missing. */
  readonly address: string | null
  readonly hops: readonly TracedHop[]
  /** Whether the last line was cut, and is left out. */
  readonly cut: boolean
  /** Lines that are no hop. */
  readonly unread: number
}

const header = /^traceroute6? to \S+ \(([^)]+)\)/
const hopLine = /^\s*(\d{1,3})\s+(.*)$/
const addressToken = /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(%\S+)?)$/

export function parseTraceroute(text: string): TracedRoute {
  const lines = text.split('\n')
  // What does not end with a line's end may lack a probe, or a digit of one.
  const rest = lines.pop() ?? ''
  const hops: TracedHop[] = []
  let address: string | null = null
  let unread = 0
  for (const line of lines) {
    const named = header.exec(line)?.[1]
    if (named !== undefined) {
      address = named
      continue
    }
    if (line.trim() === '') continue
    const hop = readHop(line)
    if (hop === undefined) unread++
    else hops.push(hop)
  }
  return { address, hops, cut: rest.trim() !== '', unread }
}

function readHop(line: string): TracedHop | undefined {
  const [, ttl, rest = ''] = hopLine.exec(line) ?? []
  if (ttl === undefined) return undefined
  const tokens = rest.split(/\s+/).filter(token => token !== '')
  const probes: Probe[] = []
  let address: string | null = null
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string
    if (token === '*') probes.push({ address: null, rttMs: null, mark: null })
    else if (addressToken.test(token)) address = token
    else if (tokens[i + 1] === 'ms') {
      probes.push({ address, rttMs: rttOf(token), mark: null })
      i++
    } else if (token.startsWith('!')) markLast(probes, token)
    else return undefined
  }
  return probes.length === 0 ? undefined : { ttl: Number(ttl), probes }
}

/** What is no number is NaN: the scan is refused then, and the reason counted. */
function rttOf(token: string): number {
  return /^\d+(\.\d+)?$/.test(token) ? Number(token) : Number.NaN
}

function markLast(probes: Probe[], mark: string): void {
  const last = probes.pop()
  if (last !== undefined) probes.push({ ...last, mark })
}
