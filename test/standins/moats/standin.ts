/** The five public services behind the moats on one loopback port, each answering in its own real shape, driven by moat signals. */

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { moatSources } from '../../../src/feed/moats/feed.js'
import type { Moat, MoatSignal } from '../../../src/market/index.js'

type Service = 'github' | 'weather' | 'freight' | 'federal-register' | 'sec'

export class MoatStandin {
  url = ''
  /** Requests so far, newest last: service, path, headers. */
  readonly requests: { service: Service; path: string; headers: IncomingMessage['headers'] }[] = []
  /** Answers of 304. */
  unchanged = 0
  private readonly values = new Map<string, number>()
  private readonly failures = new Map<Service, { status: number; headers: Record<string, string> }>()
  private readonly garbage = new Set<Service>()
  private readonly empty = new Set<Service>()
  private readonly server = createServer((request, response) => this.serve(request, response))

  static async start(): Promise<MoatStandin> {
    const standin = new MoatStandin()
    await new Promise<void>(resolve => standin.server.listen(0, '127.0.0.1', resolve))
    standin.url = `http://127.0.0.1:${(standin.server.address() as AddressInfo).port}`
    return standin
  }

  /** The variables that point every source here. */
  get env(): Record<string, string> {
    return Object.fromEntries(moatSources.map(s => [s.env, this.url]))
  }

  /** From now on the stream has this value. */
  set({ moat, stream, value }: Pick<MoatSignal, 'moat' | 'stream' | 'value'>): void {
    this.values.set(`${moat}/${stream}`, value)
  }

  /** The service answers with this status until told otherwise (undefined). */
  fail(service: Service, status: number | undefined, headers: Record<string, string> = {}): void {
    if (status === undefined) this.failures.delete(service)
    else this.failures.set(service, { status, headers })
  }

  /** The service answers with something that is no JSON. */
  babble(service: Service, on = true): void {
    if (on) this.garbage.add(service)
    else this.garbage.delete(service)
  }

  /** The service answers `{}`. */
  blank(service: Service, on = true): void {
    if (on) this.empty.add(service)
    else this.empty.delete(service)
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise<void>(resolve => this.server.close(() => resolve()))
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://standin')
    const service = serviceOf(url.pathname)
    if (service === undefined) return void response.writeHead(404).end()
    this.requests.push({ service, path: `${url.pathname}${url.search}`, headers: request.headers })
    if (this.requests.length > 10_000) this.requests.shift()
    const failure = this.failures.get(service)
    if (failure !== undefined) return void response.writeHead(failure.status, failure.headers).end('{}')
    const body = this.garbage.has(service) ? '<html>' : JSON.stringify(this.empty.has(service) ? {} : this.body(service, url))
    const etag = `W/"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`
    if (request.headers['if-none-match'] === etag) {
      this.unchanged++
      return void response.writeHead(304, { etag }).end()
    }
    response.writeHead(200, { 'content-type': 'application/json', etag }).end(body)
  }

  private body(service: Service, url: URL): unknown {
    const query = url.searchParams
    if (service === 'github') return githubBody(this.value('code', /language:(\S+)/.exec(query.get('q') ?? '')?.[1] ?? ''))
    if (service === 'weather') return weatherBody(stream => this.value('logistics', stream))
    if (service === 'freight') {
      const port = /portid='(\w+)'/.exec(query.get('where') ?? '')?.[1] ?? ''
      return freightBody(port, this.value('logistics', port === 'chokepoint1' ? 'Europe' : 'Asia'))
    }
    if (service === 'federal-register') return registerBody(this.value('government', registerStream(query)))
    return secBody(this.value('corporations', secStream(query.get('q') ?? '')))
  }

  private value(moat: Moat, stream: string): number {
    return this.values.get(`${moat}/${stream}`) ?? 0
  }
}

function serviceOf(path: string): Service | undefined {
  if (path === '/search/repositories') return 'github'
  if (path === '/alerts/active/count') return 'weather'
  if (path.endsWith('/Daily_Chokepoints_Data/FeatureServer/0/query')) return 'freight'
  if (path === '/api/v1/documents.json') return 'federal-register'
  return path === '/LATEST/search-index' ? 'sec' : undefined
}

function registerStream(query: URLSearchParams): string {
  if (query.has('conditions[agencies][]')) return 'US-Treasury'
  const term = query.get('conditions[term]')
  if (term === null) return 'US-Federal'
  return term.includes('Union') ? 'EU' : term.includes('Kingdom') ? 'UK' : 'Asia'
}

function secStream(q: string): string {
  const streams: Record<string, string> = {
    software: 'Tech',
    bank: 'Finance',
    oil: 'Energy',
    retail: 'Retail',
    manufacturing: 'Industry',
  }
  return streams[q.replaceAll('"', '')] ?? ''
}

const githubBody = (value: number) => ({
  total_count: value,
  incomplete_results: false,
  items: [{ id: 1, name: 'made-up', full_name: 'somebody/made-up', private: false, stargazers_count: 0 }],
})

const weatherBody = (value: (stream: string) => number) => ({
  total: value('US-West') + value('US-East') + value('Gulf'),
  land: value('US-West') + value('US-East') + value('Gulf'),
  marine: 0,
  regions: { AL: 0, AT: 0, GM: 0, PA: 0 },
  areas: { CA: value('US-West'), NY: value('US-East'), TX: value('Gulf'), KS: 7 },
  zones: { TXZ001: 1 },
})

const freightBody = (portid: string, value: number) => ({
  objectIdFieldName: 'ObjectId',
  fields: [{ name: 'n_total', type: 'esriFieldTypeInteger', alias: 'n_total' }],
  exceededTransferLimit: true,
  features: [{ attributes: { date: '2026-01-01', portid, n_total: value } }],
})

const registerBody = (value: number) => ({
  description: 'Documents published',
  count: value,
  total_pages: 50,
  results: [{ document_number: '2026-00001' }],
})

const secBody = (value: number) => ({
  took: 3,
  timed_out: false,
  _shards: { total: 50, successful: 50, skipped: 0, failed: 0 },
  hits: {
    total: { value, relation: 'eq' },
    max_score: 9.1,
    hits: [{ _index: 'edgar_file', _id: '0000:a.htm', _source: { form: '8-K' } }],
  },
})
